public import Foundation

/// What a provider's answer means: one result for each image it was asked for, or an outcome nobody knows yet.
///
/// The module `ProviderResponses` makes these from recorded or live answers; a host may make its own.
public struct ProviderAnswer: Sendable {
    /// How the call ended.
    public enum Outcome: Sendable {
        /// The provider answered. One artifact is recorded for each result; there is at least one.
        case finished([ImageResult])
        /// Nobody knows whether the provider made (and billed) an image, as after a timeout. The artifact stays
        /// pending until its claim expires, so that nobody pays twice by retrying at once.
        case unknown(reason: String)
    }

    public var outcome: Outcome
    /// What ran, as far as the answer says.
    public var execution: ModelExecution
    /// What the whole answer took; recorded on its first artifact.
    public var usage: Usage?

    /// An answer from its parts.
    public init(outcome: Outcome, execution: ModelExecution, usage: Usage? = nil) {
        self.outcome = outcome
        self.execution = execution
        self.usage = usage
    }
}

/// One image of an answer, or why it is missing.
public enum ImageResult: Sendable {
    case image(GeneratedImage)
    case failed(ArtifactFailure)
}

/// An image's bytes as the provider sent them. They are stored unchanged, so that C2PA signatures survive.
public struct GeneratedImage: Sendable {
    /// The encoded file: PNG, JPEG, WebP, GIF or AVIF.
    public var bytes: Data
    /// The prompt as the provider rewrote it for this image.
    public var revisedPrompt: String?

    /// An image from its encoded bytes.
    public init(bytes: Data, revisedPrompt: String? = nil) {
        self.bytes = bytes
        self.revisedPrompt = revisedPrompt
    }
}
