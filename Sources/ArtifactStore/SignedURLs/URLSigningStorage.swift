public import Foundation

/// An object storage that can hand out signed URLs.
///
/// Laws: the same ``URLSigning`` gives the same URL, byte for byte, as long as its credential is there, also in another
/// process and after a restart. A URL is good for its method, key and headers alone, and not after it expires. Nothing
/// but the URL itself holds a signature.
public protocol URLSigningStorage: ObjectStorage {
    /// The credential that signs now.
    ///
    /// - Parameter moment: Until when the URL must work. A storage that renews its credential does so when the one it has
    ///   ends before. It is no error when the renewed one ends early, too.
    /// - Throws: ``StoreError`` `objectStorage` when there is none, or `CancellationError`.
    func signingCredential(goodUntil moment: Timestamp) async throws -> SigningCredential

    /// - Throws: ``StoreError`` `objectStorage` when the credential is gone, or `CancellationError`.
    func url(for signing: URLSigning) async throws -> URL
}

/// Who signs: the credential's name and its end, without its secret.
public struct SigningCredential: Sendable, Hashable {
    /// 1 to 256 bytes, the same for the same credential.
    public let id: String
    /// When what it signed stops working, whatever the URL says; nil when it has no end of its own.
    public let expiresAt: Timestamp?

    /// A credential by its name, and with its end where it has one.
    public init(id: String, expiresAt: Timestamp? = nil) {
        self.id = id
        self.expiresAt = expiresAt
    }
}

/// Everything that a signed URL is derived from.
public struct URLSigning: Sendable, Hashable {
    public let key: ObjectKey
    public let method: SigningMethod
    /// The `Content-Disposition` of the answer; nil leaves it out.
    public let disposition: String?
    /// The `Content-Type` of the answer.
    public let contentType: String
    public let credentialId: String
    /// Whole seconds, as all times of signed URLs.
    public let signedAt: Timestamp
    /// A second to seven days after that.
    public let expiresAt: Timestamp

    /// What is signed, from its parts. ``ArtifactStore`` makes these from its metadata.
    public init(
        key: ObjectKey, method: SigningMethod = .get, disposition: String? = nil, contentType: String,
        credentialId: String, signedAt: Timestamp, expiresAt: Timestamp
    ) {
        self.key = key
        self.method = method
        self.disposition = disposition
        self.contentType = contentType
        self.credentialId = credentialId
        self.signedAt = signedAt
        self.expiresAt = expiresAt
    }
}
