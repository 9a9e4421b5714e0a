internal import ArtifactStore

/// Turns a cause into one of the six failure types, with advice for whoever reads it.
enum FailureRule {
    /// The failure for a provider's error. `status` is nil for an error inside a successful answer.
    static func failure(
        _ error: ProviderError?, status: Int?, provider: String, retryAfter: Int64?
    ) -> ArtifactFailure {
        let cause = FailureCause(error, status: status)
        let message =
            error?.message
            ?? "\(provider) answered \(status.map { "HTTP \($0)" } ?? "with an error") without an explanation"
        var failure = ArtifactFailure(cause.type, message, providerCode: error?.codes.first)
        switch cause {
        case .credentials:
            contactOperator(
                &failure,
                "Ask whoever runs this service to check the API key, its permissions and the region at \(provider);"
                    + " trying again changes nothing until then.")
        case .billing:
            contactOperator(
                &failure,
                "Ask whoever runs this service to add credit or raise the spending limit at \(provider); trying again"
                    + " changes nothing until then.")
        case .address:
            contactOperator(
                &failure,
                "Ask whoever runs this service to check the base URL and API version used for \(provider).")
        case .rateLimit, .overload:
            failure.retryAfter = retryAfter
            failure.recoveryGuidance = waitGuidance(cause, retryAfter)
        case .badRequest:
            if let parameter = error?.parameter {
                failure.recoveryGuidance =
                    "Change the parameter \(parameter), then try again with a new idempotency key."
            }
        case .unsafe, .model, .timeout, .noImage: break
        }
        return failure
    }

    private static func contactOperator(_ failure: inout ArtifactFailure, _ guidance: String) {
        failure.retryable = false
        failure.action = .contactOperator
        failure.recoveryGuidance = guidance
    }

    private static func waitGuidance(_ cause: FailureCause, _ retryAfter: Int64?) -> String {
        let wait = retryAfter.map { "Wait \($0) seconds" } ?? "Wait"
        let otherwise =
            cause == .rateLimit
            ? "ask for fewer images at a time if it happens often"
            : "check the provider's status page if it goes on"
        return "\(wait), then try again with a new idempotency key; \(otherwise)."
    }
}

extension FailureCause {
    fileprivate var type: ArtifactFailure.FailureType {
        switch self {
        case .unsafe: .unsafeImageRequest
        case .model: .unsupportedModel
        case .credentials, .billing, .address, .timeout, .rateLimit, .overload: .providerUnavailable
        case .badRequest: .invalidImageRequest
        case .noImage: .generationFailed
        }
    }
}
