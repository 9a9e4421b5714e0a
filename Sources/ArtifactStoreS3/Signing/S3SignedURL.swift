public import ArtifactStore

/// A URL that lets whoever holds it make one request until it expires.
///
/// The URL is a secret while it is valid: it is redacted in every description. What is needed to derive it again is
/// not, and is all that may be kept.
public struct S3SignedURL: Sendable {
    /// The URL with its signature.
    public let url: Redacted
    /// The one method it is good for.
    public let method: S3Request.Method
    /// Headers that must be sent with it, exactly so.
    public let signedHeaders: [S3Request.Field]
    /// The moment in its signature, to the second.
    public let signedAt: Timestamp
    /// When it stops working: after its validity, or with the credentials that signed it.
    public let expiresAt: Timestamp
}
