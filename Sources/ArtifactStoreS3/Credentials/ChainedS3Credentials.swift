/// Several places, asked in order: the first that is set up gives the credentials, or the error.
public struct ChainedS3Credentials: S3CredentialsProvider {
    private let providers: [any S3CredentialsProvider]

    /// A chain of providers, in the order they are asked.
    public init(_ providers: [any S3CredentialsProvider]) {
        self.providers = providers
    }

    /// The usual chain: environment variables, web identity, shared files, container agent. Not among them is the
    /// metadata service of EC2 instances.
    ///
    /// With `AWS_PROFILE` set, the environment's keys still come first, as in the AWS SDKs.
    public init(_ environment: S3Environment, transport: any S3Transport, timing: S3Timing = .system) {
        providers = [
            EnvironmentS3Credentials(environment),
            WebIdentityS3Credentials(environment, transport: transport, timing: timing),
            SharedFileS3Credentials(environment),
            ContainerS3Credentials(environment, transport: transport, timing: timing),
        ]
    }

    /// Nil when none of them is set up.
    ///
    /// - Throws: What the first provider throws that is set up but gives none.
    public func credentials() async throws -> S3Credentials? {
        for provider in providers {
            if let found = try await provider.credentials() { return found }
        }
        return nil
    }

    /// Told to every provider.
    public func discard(_ credentials: S3Credentials) async {
        for provider in providers { await provider.discard(credentials) }
    }
}
