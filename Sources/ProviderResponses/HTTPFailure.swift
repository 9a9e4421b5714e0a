internal import ArtifactStore

/// Answers to requests that failed: by HTTP status, or by an error inside a 2xx answer.
enum HTTPFailure {
    /// The answer for a status of 400 and above; nil for 2xx. Without a provider, the error's shape names it.
    ///
    /// - Throws: ``StoreError`` with code `invalidInput` for 1xx and 3xx, which are not the end of an exchange.
    static func answer(_ response: ProviderHTTPResponse, provider: String?) throws(StoreError) -> ProviderAnswer? {
        let status = response.httpStatus
        guard !(200...299).contains(status) else { return nil }
        guard status >= 400 else {
            throw StoreError(
                .invalidInput, "httpStatus is \(status), which is no final answer",
                hint: "Let the HTTP client follow redirects, and give the answer it ends with.")
        }
        return answer(ProviderError(response.json), response, status: status, provider: provider)
    }

    /// The answer for an error object inside a 2xx answer, as gateways send them; nil when there is none.
    static func inBandAnswer(_ response: ProviderHTTPResponse, provider: String?) -> ProviderAnswer? {
        guard let error = ProviderError(response.json) else { return nil }
        let status = error.status.flatMap { (400...599).contains($0) ? $0 : nil }
        return answer(error, response, status: status, provider: provider)
    }

    private static func answer(
        _ error: ProviderError?, _ response: ProviderHTTPResponse, status: Int?, provider: String?
    ) -> ProviderAnswer {
        let provider = provider ?? usualProvider(error)
        // No mode: a request that failed ran nothing that is known of.
        let execution = ModelExecution(
            provider: provider, providerRequestId: SafeText.orNothing(response.header("x-request-id")))
        guard FailureCause(error, status: status) != .timeout else {
            let explanation = error?.message.map { ": \($0)" } ?? ""
            return ProviderAnswer(
                outcome: .unknown(
                    reason: "\(provider) answered \(status.map { "HTTP \($0)" } ?? "that it ran out of time")"
                        + ", so it may have made the image\(explanation)"),
                execution: execution)
        }
        let failure = FailureRule.failure(
            error, status: status, provider: provider, retryAfter: RetryAfter.seconds(response, error))
        return ProviderAnswer(outcome: .finished([.failed(failure)]), execution: execution)
    }

    private static func usualProvider(_ error: ProviderError?) -> String {
        switch error?.style {
        case .openAI: "openai"
        case .google: "google"
        case nil: "unknown"
        }
    }
}
