public import ArtifactStore

/// Keeps another provider's credentials, and renews them before they expire.
///
/// However many calls ask at once, the provider below is asked once.
public actor CachedS3Credentials: S3CredentialsProvider {
    private let source: any S3CredentialsProvider
    private let now: @Sendable () -> Timestamp
    private var kept: S3Credentials?
    private var renewal: Task<S3Credentials?, any Error>?

    /// How long before they expire credentials are renewed: five minutes, which is what the AWS SDKs leave.
    public static let margin: Duration = .seconds(300)

    /// Keeps the credentials of a provider.
    ///
    /// - Parameter now: The wall clock that expiry is compared with.
    public init(_ source: any S3CredentialsProvider, now: @escaping @Sendable () -> Timestamp = Timestamp.systemNow) {
        self.source = source
        self.now = now
    }

    /// Kept credentials, or new ones when those are about to expire. While they still work, they are also the answer
    /// when new ones cannot be had.
    ///
    /// - Throws: What the provider below throws, when there are none that still work.
    public func credentials() async throws -> S3Credentials? {
        if let kept, !kept.expires(by: now().advanced(by: Self.margin)) { return kept }
        do {
            return try await renewed()
        } catch {
            if let kept, !kept.expires(by: now()) { return kept }
            throw error
        }
    }

    /// Forgets these credentials, if they are the ones kept.
    public func discard(_ credentials: S3Credentials) async {
        if kept?.isSame(as: credentials) == true { kept = nil }
        await source.discard(credentials)
    }

    private func renewed() async throws -> S3Credentials? {
        if let renewal { return try await renewal.value }
        let source = source
        // A task of its own: one caller's cancellation must not fail the others who wait for it.
        let task = Task { try await source.credentials() }
        renewal = task
        defer { renewal = nil }
        let found = try await task.value
        kept = found
        return found
    }
}

extension S3Credentials {
    func expires(by moment: Timestamp) -> Bool {
        expiresAt.map { $0 <= moment } ?? false
    }

    func isSame(as other: S3Credentials) -> Bool {
        accessKeyId == other.accessKeyId && secretAccessKey.reveal() == other.secretAccessKey.reveal()
            && sessionToken?.reveal() == other.sessionToken?.reveal()
    }
}
