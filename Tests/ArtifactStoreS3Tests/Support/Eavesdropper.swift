#if S3
    import ArtifactStoreS3
    import Synchronization

    /// Passes requests on, and remembers what nobody but the service may see.
    final class Eavesdropper: S3Transport {
        private let overheard = Mutex<Set<String>>([])

        /// Signatures, and whole authorization headers.
        var secrets: Set<String> { overheard.withLock { $0 } }

        func send(_ request: S3HTTPRequest, timeout: Duration, bodyLimit: Int) async throws -> S3HTTPResponse {
            let secrets = request.headers.filter { $0.name == "authorization" }.flatMap { field in
                [field.value] + field.value.matches(of: /Signature=([0-9a-f]{64})/).map { String($0.output.1) }
            }
            overheard.withLock { $0.formUnion(secrets) }
            return try await AsyncHTTPClientTransport.shared.send(request, timeout: timeout, bodyLimit: bodyLimit)
        }
    }
#endif
