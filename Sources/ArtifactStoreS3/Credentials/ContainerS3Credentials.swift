internal import ArtifactStore
internal import Foundation

/// Temporary credentials from the agent beside a container (ECS tasks, EKS pod identity), which
/// `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `AWS_CONTAINER_CREDENTIALS_FULL_URI` names.
///
/// Plain HTTP is spoken to this machine and to the agents' own link-local addresses only: whatever else the variable
/// names would get the authorization token in the clear.
public struct ContainerS3Credentials: S3CredentialsProvider {
    private let environment: S3Environment
    private let http: RetryingTransport

    /// Credentials from the environment's agent.
    public init(
        _ environment: S3Environment, transport: any S3Transport, retry: S3RetryPolicy = .credentials,
        timing: S3Timing = .system
    ) {
        self.environment = environment
        http = RetryingTransport(transport: transport, policy: retry, timing: timing)
    }

    /// Nil when neither variable is set.
    ///
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the address is refused or the token cannot
    ///   be read, `objectStorage` when the agent refuses or cannot be reached, or `CancellationError`.
    public func credentials() async throws -> S3Credentials? {
        let address: (endpoint: S3Endpoint, path: String)
        if let relative = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            address = try Self.split("http://169.254.170.2" + relative)
        } else if let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            address = try Self.split(full)
        } else {
            return nil
        }
        var headers: [S3Request.Field] = [
            .init("host", address.endpoint.authority), .init("accept", "application/json"),
        ]
        if let token = try token() { headers.append(.init("authorization", token)) }
        let what = "request to the container's credentials agent"
        let answer = try await http.answer(
            what,
            S3HTTPRequest(
                method: "GET", url: "\(address.endpoint)\(address.path)", headers: headers))
        guard let json = try? JSONParser.parse(answer.body), let id = json["AccessKeyId"]?.string,
            let secret = json["SecretAccessKey"]?.string
        else { throw RetryingTransport.unreadable(what) }
        let end = json["Expiration"]?.string.flatMap { Timestamp($0) }
        return try S3Credentials(
            accessKeyId: id, secretAccessKey: secret, sessionToken: json["Token"]?.string, expiresAt: end)
    }

    private func token() throws(StoreError) -> String? {
        let token: String
        if let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            token = try environment.token(path, "container authorization token file")
        } else if let given = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
            token = given
        } else {
            return nil
        }
        guard token.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw StoreError(
                .invalidInput, "the container authorization token has characters that no header can carry",
                hint: "Look for a line break in it.")
        }
        return token
    }

    private static let agents: Set<String> = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

    private static func split(_ address: String) throws(StoreError) -> (S3Endpoint, String) {
        let refused = StoreError(
            .invalidInput, "the address of the container's credentials agent is not one to trust",
            hint: "Use https, this machine (127.0.0.0/8, [::1], localhost), or the agents of ECS and EKS.")
        guard let parts = address.wholeMatch(of: /([a-zA-Z]+:\/\/[^\/?#]+)(\/[!-"$-~]*)?/) else { throw refused }
        let endpoint = try S3Endpoint(String(parts.output.1))
        let host = endpoint.host
        let isLoopback =
            host == "localhost" || host == "[::1]" || host.wholeMatch(of: /127\.\d{1,3}\.\d{1,3}\.\d{1,3}/) != nil
        guard endpoint.scheme == "https" || isLoopback || agents.contains(host) else { throw refused }
        return (endpoint, parts.output.2.map(String.init) ?? "/")
    }
}
