public import Foundation

/// A URL that lets whoever has it look at one image until it expires. It is no reference: keep the artifact's id.
///
/// Descriptions, dumps and interpolations never show the URL; ``url`` does.
public struct SignedURL: Sendable {
    /// The URL itself, which is a secret until it expires: it goes to the one who asked, never to a log.
    public let url: URL
    public let artifactId: ArtifactID
    public let method: SigningMethod
    public let signedAt: Timestamp
    public let expiresAt: Timestamp
    /// Which credential signed it. Not a secret.
    public let credentialId: String
}

extension SignedURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "signed URL of \(artifactId) until \(expiresAt)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a signed URL may be used for.
public enum SigningMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
}
