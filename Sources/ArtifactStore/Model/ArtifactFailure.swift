/// Why an artifact failed, and what to do about it.
///
/// It is an `Error`, so that a provider call inside `produce` may throw one and have it recorded.
public struct ArtifactFailure: Error, Hashable, Sendable {
    /// The six ways an image can fail.
    public enum FailureType: String, Hashable, Sendable, CaseIterable {
        /// The provider could not be reached, was overloaded, or limits the rate.
        case providerUnavailable = "provider_unavailable"
        /// The model does not exist, is not allowed, or makes no images.
        case unsupportedModel = "unsupported_model"
        /// The provider refused a parameter.
        case invalidImageRequest = "invalid_image_request"
        /// A safety system refused the prompt or the image.
        case unsafeImageRequest = "unsafe_image_request"
        /// The provider answered, but with no image; or the claim expired.
        case generationFailed = "generation_failed"
        /// The image was made but could not be stored.
        case artifactStorageFailed = "artifact_storage_failed"
    }

    /// What the caller should do next.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        case retryLater = "retry_later"
        case changePrompt = "change_prompt"
        case changeParameters = "change_parameters"
        case chooseModel = "choose_model"
        case fixStorage = "fix_storage"
        case contactOperator = "contact_operator"
    }

    public var type: FailureType
    /// What happened, at most 8,192 bytes.
    public var message: String
    /// What to do about it, for a person, at most 8,192 bytes.
    public var recoveryGuidance: String
    /// Whether the same request may succeed later, unchanged.
    public var retryable: Bool
    /// How long to wait before that, in whole seconds.
    public var retryAfter: Int64?
    public var action: Action
    /// The provider's own code, such as `moderation_blocked`.
    public var providerCode: String?

    /// A failure from its parts. What is left out gets the type's usual guidance, action and retry rule.
    public init(
        _ type: FailureType, _ message: String, recoveryGuidance: String? = nil, retryable: Bool? = nil,
        retryAfter: Int64? = nil, action: Action? = nil, providerCode: String? = nil
    ) {
        let usual = Self.usual[type] ?? Self.usualOfGenerationFailed
        self.type = type
        self.message = message
        self.recoveryGuidance = recoveryGuidance ?? usual.guidance
        self.retryable = retryable ?? usual.retryable
        self.retryAfter = retryAfter
        self.action = action ?? usual.action
        self.providerCode = providerCode
    }

    private typealias Usual = (guidance: String, retryable: Bool, action: Action)

    private static let usualOfGenerationFailed: Usual = (
        "Try again with a new idempotency key; if it fails again, change the prompt or the parameters.", true,
        .retryLater
    )

    private static let usual: [FailureType: Usual] = [
        .providerUnavailable: (
            "Wait, then try again with a new idempotency key; check the provider's status page if it goes on.", true,
            .retryLater
        ),
        .unsupportedModel: (
            "Choose a model that is declared to make images and that this account may use.", false, .chooseModel
        ),
        .invalidImageRequest: (
            "Change the parameter the message names, then try again with a new idempotency key.", false,
            .changeParameters
        ),
        .unsafeImageRequest: (
            "Change the prompt: the same one will be refused again. Ask the provider with its request id if this looks"
                + " wrong.", false, .changePrompt
        ),
        .generationFailed: usualOfGenerationFailed,
        .artifactStorageFailed: (
            "Check that object storage is reachable, writable and has space, then try again.", true, .fixStorage
        ),
    ]

    /// The provider could not be reached, was overloaded, or limits the rate.
    public static func providerUnavailable(_ message: String, retryAfter: Int64? = nil) -> ArtifactFailure {
        ArtifactFailure(.providerUnavailable, message, retryAfter: retryAfter)
    }
    /// The model does not exist, is not allowed, or makes no images.
    public static func unsupportedModel(_ message: String) -> ArtifactFailure {
        ArtifactFailure(.unsupportedModel, message)
    }
    /// The provider refused a parameter.
    public static func invalidImageRequest(_ message: String) -> ArtifactFailure {
        ArtifactFailure(.invalidImageRequest, message)
    }
    /// A safety system refused the prompt or the image.
    public static func unsafeImageRequest(_ message: String) -> ArtifactFailure {
        ArtifactFailure(.unsafeImageRequest, message)
    }
    /// The provider answered, but with no image.
    public static func generationFailed(_ message: String) -> ArtifactFailure {
        ArtifactFailure(.generationFailed, message)
    }
    /// The image was made but could not be stored.
    public static func artifactStorageFailed(_ message: String) -> ArtifactFailure {
        ArtifactFailure(.artifactStorageFailed, message)
    }

    func validate() throws(StoreError) {
        try TextRule.check(message, "failure.message", atMost: TextLimit.message)
        try TextRule.check(recoveryGuidance, "failure.recoveryGuidance", atMost: TextLimit.message)
        try TextRule.check(providerCode, "failure.providerCode")
        if let retryAfter, !(0...31_536_000).contains(retryAfter) {
            throw .invalid("failure.retryAfter", "is \(retryAfter)", hint: "Give 0 to 31536000 seconds (a year).")
        }
    }
}
