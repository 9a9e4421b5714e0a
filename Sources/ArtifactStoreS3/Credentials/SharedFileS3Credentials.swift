internal import ArtifactStore

/// Keys from the files of the AWS tools: `~/.aws/credentials` and `~/.aws/config`, or those that
/// `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE` name. Read anew each time, so that a rotated key is seen.
///
/// Profiles that hold a role, a single sign-on session or a program to run are refused, not passed over.
public struct SharedFileS3Credentials: S3CredentialsProvider {
    private let environment: S3Environment
    private let profile: String?

    /// Credentials of one profile.
    ///
    /// - Parameter profile: Its name; nil for `AWS_PROFILE`, and `default` where that is not set.
    public init(_ environment: S3Environment, profile: String? = nil) {
        self.environment = environment
        self.profile = profile
    }

    /// Nil when no profile was asked for by name and `default` is not there or has no keys.
    ///
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when a named profile is missing, has half a key
    ///   pair, or gets its keys in a way that is not supported, or a file cannot be read.
    public func credentials() async throws -> S3Credentials? {
        let named = profile ?? environment["AWS_PROFILE"]
        let name = named ?? "default"
        guard let lines = try SharedFiles(environment).profiles[name] else {
            guard named != nil else { return nil }
            throw Self.refusal("the AWS profile \(name) is in neither file", "Mend AWS_PROFILE or add the profile.")
        }
        if let id = lines["aws_access_key_id"], let secret = lines["aws_secret_access_key"] {
            return try S3Credentials(
                accessKeyId: id, secretAccessKey: secret, sessionToken: lines["aws_session_token"])
        }
        guard lines["aws_access_key_id"] == nil, lines["aws_secret_access_key"] == nil else {
            throw Self.refusal("the AWS profile \(name) has half a key pair", "Give id and secret, or neither.")
        }
        for unsupported in ["role_arn", "sso_session", "sso_start_url", "credential_process"] {
            guard lines[unsupported] == nil else {
                throw Self.refusal(
                    "the AWS profile \(name) gets its keys by \(unsupported), which is not supported",
                    "Give a profile with keys, or export temporary ones: aws configure export-credentials.")
            }
        }
        guard named == nil else {
            throw Self.refusal("the AWS profile \(name) has no keys", "Add them, or choose another profile.")
        }
        return nil
    }

    private static func refusal(_ reason: String, _ hint: String) -> StoreError {
        StoreError(.invalidInput, reason, hint: hint)
    }
}
