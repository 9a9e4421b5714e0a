internal import ArtifactStore

/// Somewhere that credentials come from.
public protocol S3CredentialsProvider: Sendable {
    /// The credentials to sign with now; nil when this place is not set up, so that another one may be asked.
    ///
    /// - Throws: ``ArtifactStore/StoreError`` when the place is set up but gives no usable credentials. Silently going
    ///   on to another identity would hide that.
    func credentials() async throws -> S3Credentials?

    /// Tells that the service refused credentials, so that a copy of them is not used again.
    func discard(_ credentials: S3Credentials) async
}

extension S3CredentialsProvider {
    /// Does nothing: most providers keep no copy.
    public func discard(_ credentials: S3Credentials) async {}
}

/// The same credentials always.
public struct StaticS3Credentials: S3CredentialsProvider {
    private let fixed: S3Credentials

    /// Credentials that are known already.
    public init(_ credentials: S3Credentials) {
        fixed = credentials
    }

    /// The credentials it was made with.
    public func credentials() async throws -> S3Credentials? { fixed }
}

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, with temporary credentials, `AWS_SESSION_TOKEN` and
/// `AWS_CREDENTIAL_EXPIRATION`. Without the last one, nobody can tell when they end.
public struct EnvironmentS3Credentials: S3CredentialsProvider {
    private let environment: S3Environment

    /// Credentials from the variables of an environment.
    public init(_ environment: S3Environment) {
        self.environment = environment
    }

    /// Nil when neither key is set.
    ///
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when only one of them is, or the
    ///   expiration is no RFC 3339 time.
    public func credentials() async throws -> S3Credentials? {
        let (id, secret) = (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"])
        guard id != nil || secret != nil else { return nil }
        guard let id, let secret else {
            throw StoreError(
                .invalidInput, "one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set, the other is not",
                hint: "Set both or neither.")
        }
        let end = environment["AWS_CREDENTIAL_EXPIRATION"]
        let expiresAt = end.flatMap { Timestamp($0) }
        guard (end == nil) == (expiresAt == nil) else {
            throw StoreError(
                .invalidInput, "AWS_CREDENTIAL_EXPIRATION is no time",
                hint: "Give RFC 3339, such as 2026-03-01T09:30:00Z, or clear it.")
        }
        return try S3Credentials(
            accessKeyId: id, secretAccessKey: secret, sessionToken: environment["AWS_SESSION_TOKEN"],
            expiresAt: expiresAt)
    }
}
