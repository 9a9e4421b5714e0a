internal import ArtifactStore
internal import Foundation

/// Why a request failed, finer than the six failure types where the advice differs.
enum FailureCause {
    case unsafe
    case model
    case credentials
    case billing
    case address
    case timeout
    case rateLimit
    case overload
    case badRequest
    case noImage

    /// The cause by the provider's own words first, then by the HTTP status; nil as status stands for an error inside
    /// a successful answer.
    ///
    /// The words are those of OpenAI's "Error codes" guide and of the `ResponseError` codes in its API reference, of
    /// the Gemini API's "Troubleshooting guide" (canonical Google codes), of Azure OpenAI's "Content filtering", and
    /// of xAI's answers as reported in public issues.
    init(_ error: ProviderError?, status: Int?) {
        let words = Set((error?.codes ?? []).map { $0.lowercased() })
        if !words.isDisjoint(with: Self.safetyWords) || Self.isSafetyMessage(error, status) {
            self = .unsafe
        } else if !words.isDisjoint(with: Self.modelWords) || error?.parameter == "model" {
            self = .model
        } else if !words.isDisjoint(with: Self.billingWords) || status == 402 {
            self = .billing
        } else if !words.isDisjoint(with: Self.credentialWords) || status == 401 || status == 403 {
            self = .credentials
        } else if words.contains("deadline_exceeded") || [408, 499, 504, 524].contains(status) {
            self = .timeout
        } else if !words.isDisjoint(with: Self.rateWords) || status == 429 {
            self = .rateLimit
        } else if !words.isDisjoint(with: Self.overloadWords) || [409, 425].contains(status) || (status ?? 0) >= 500 {
            self = .overload
        } else if status == 404 || status == 405 {
            self = .address
        } else if status != nil || words.contains(where: Self.isRequestWord) {
            self = .badRequest
        } else {
            self = .noImage
        }
    }

    private static let safetyWords: Set<String> = [
        "moderation_blocked", "content_policy_violation", "image_content_policy_violation", "content_filter",
        "contentfilter", "responsibleaipolicyviolation", "safety", "image_safety", "invalid_prompt",
    ]

    private static let modelWords: Set<String> = [
        "model_not_found", "not_found", "unsupported_model", "model_not_supported", "deploymentnotfound",
        "some requested entity was not found",
    ]

    private static let billingWords: Set<String> = [
        "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_disabled",
    ]

    private static let credentialWords: Set<String> = [
        "invalid_api_key", "authentication_error", "permission_error", "account_deactivated", "unauthenticated",
        "permission_denied", "failed_precondition", "api_key_invalid", "service_disabled",
        "unsupported_country_region_territory",
    ]

    private static let rateWords: Set<String> = [
        "rate_limit_exceeded", "rate_limit_error", "too_many_requests", "resource_exhausted",
    ]

    private static let overloadWords: Set<String> = [
        "server_error", "internal_error", "overloaded_error", "unavailable", "internal", "slow_down",
    ]

    private static func isRequestWord(_ word: String) -> Bool {
        word.hasPrefix("invalid_") || ["image_generation_user_error", "unsupported_value"].contains(word)
    }

    /// Imagen and xAI refuse a prompt with the code of any bad request; only the sentence tells it apart. The
    /// sentences are those of Vertex AI's "Responsible AI for Imagen" and of xAI's answers.
    private static func isSafetyMessage(_ error: ProviderError?, _ status: Int?) -> Bool {
        guard let message = error?.message?.lowercased(), [400, 403, 422].contains(status) else { return false }
        return [
            "responsible ai practices", "may violate our policies", "might violate our policies",
            "rejected by content moderation", "content violates usage guidelines",
        ].contains { message.contains($0) }
    }
}
