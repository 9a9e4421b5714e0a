import ArtifactStoreS3

/// An environment of variables and files that exist nowhere.
func environment(_ variables: [String: String], files: [String: String] = [:]) -> S3Environment {
    S3Environment(variables) { path in files[path].map { Array($0.utf8) } }
}

extension S3CredentialsProvider {
    /// Access key id, secret and token, in plain sight for comparison.
    func parts() async throws -> [String?]? {
        try await credentials().map { found in
            [found.accessKeyId, found.secretAccessKey.reveal(), found.sessionToken?.reveal()]
        }
    }
}
