internal import ArtifactStore
internal import Foundation

/// Temporary credentials of a role, for a token that the platform keeps in a file (EKS service accounts and others):
/// `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and, optionally, `AWS_ROLE_SESSION_NAME`, exchanged at STS.
///
/// STS answers where `AWS_ENDPOINT_URL_STS` says, else in the region of ``S3Environment/region()``.
public struct WebIdentityS3Credentials: S3CredentialsProvider {
    private let environment: S3Environment
    private let http: RetryingTransport

    /// Credentials from the environment's token.
    public init(
        _ environment: S3Environment, transport: any S3Transport, retry: S3RetryPolicy = .credentials,
        timing: S3Timing = .system
    ) {
        self.environment = environment
        http = RetryingTransport(transport: transport, policy: retry, timing: timing)
    }

    /// Nil when neither variable is set.
    ///
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when only one is set or the token cannot be
    ///   read, `objectStorage` when STS refuses or cannot be reached, or `CancellationError`.
    public func credentials() async throws -> S3Credentials? {
        let (path, role) = (environment["AWS_WEB_IDENTITY_TOKEN_FILE"], environment["AWS_ROLE_ARN"])
        guard let path else { return nil }
        guard let role else {
            throw StoreError(
                .invalidInput, "AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not", hint: "Set both or neither.")
        }
        let endpoint = try endpoint()
        let fields: [S3Request.Field] = [
            .init("Action", "AssumeRoleWithWebIdentity"), .init("Version", "2011-06-15"), .init("RoleArn", role),
            .init("RoleSessionName", environment["AWS_ROLE_SESSION_NAME"] ?? "swift-artifact-store"),
            .init("WebIdentityToken", try environment.token(path, "web identity token file")),
        ]
        let request = S3HTTPRequest(
            method: "POST", url: "\(endpoint.scheme)://\(endpoint.authority)/",
            headers: [
                .init("host", endpoint.authority), .init("content-type", "application/x-www-form-urlencoded"),
            ],
            body: Data(fields.map(CanonicalRequest.encoded).joined(separator: "&").utf8))
        let what = "exchange of the web identity token"
        let answer = try await http.answer(what, request)
        guard let root = try? XMLElement.parse(answer.body),
            let found = root["AssumeRoleWithWebIdentityResult"]?["Credentials"],
            let id = found["AccessKeyId"]?.text, let secret = found["SecretAccessKey"]?.text,
            let token = found["SessionToken"]?.text, let end = found["Expiration"].flatMap({ Timestamp($0.text) })
        else { throw RetryingTransport.unreadable(what) }
        return try S3Credentials(accessKeyId: id, secretAccessKey: secret, sessionToken: token, expiresAt: end)
    }

    private func endpoint() throws(StoreError) -> S3Endpoint {
        if let given = environment["AWS_ENDPOINT_URL_STS"] { return try S3Endpoint(given) }
        guard let region = try environment.region() else { return try S3Endpoint("https://sts.amazonaws.com") }
        try S3Endpoint.check(region: region)
        return try S3Endpoint("https://sts.\(region).\(S3Endpoint.domain(ofRegion: region))")
    }
}
