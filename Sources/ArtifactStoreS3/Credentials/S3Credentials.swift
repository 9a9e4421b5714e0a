public import ArtifactStore

/// What requests are signed with. Nothing of it appears in a description, a dump or a mirror.
public struct S3Credentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Which key signs. It is part of every signed URL, and so less of a secret than the rest.
    public let accessKeyId: String
    public let secretAccessKey: Redacted
    /// With temporary credentials only.
    public let sessionToken: Redacted?
    /// When they stop working; nil when they do not say.
    public let expiresAt: Timestamp?

    /// Credentials from their parts.
    ///
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when a part is empty, too long, or has characters
    ///   that no header can carry. The error does not repeat it.
    public init(
        accessKeyId: String, secretAccessKey: String, sessionToken: String? = nil, expiresAt: Timestamp? = nil
    ) throws(StoreError) {
        try Self.check(accessKeyId, "access key id", atMost: 128)
        try Self.check(secretAccessKey, "secret access key", atMost: 1_024)
        if let sessionToken { try Self.check(sessionToken, "session token", atMost: 32_768) }
        self.accessKeyId = accessKeyId
        self.secretAccessKey = Redacted(secretAccessKey)
        self.sessionToken = sessionToken.map(Redacted.init)
        self.expiresAt = expiresAt
    }

    /// Names these credentials where a secret must not stand. The keys of temporary ones may be given out again with
    /// another token, so that the token is told apart by some of its digest, which does not give it away.
    var signingId: String {
        guard let sessionToken else { return accessKeyId }
        return "\(accessKeyId).\(SHA256Hex.of(sessionToken.reveal().utf8).prefix(16))"
    }

    public var description: String { "S3Credentials(<redacted>)" }
    /// The same as ``description``.
    public var debugDescription: String { description }
    /// Without children: `dump` and debuggers walk mirrors.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Printable ASCII: a line break in a token, the usual slip with secrets read from files, would end a header.
    private static func check(_ text: String, _ field: String, atMost limit: Int) throws(StoreError) {
        guard (1...limit).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw StoreError(
                .invalidInput, "the S3 \(field) is empty, too long, or has spaces, line breaks or other than ASCII",
                hint: "Give 1 to \(limit) printable ASCII characters; look for a line break at its end.")
        }
    }
}
