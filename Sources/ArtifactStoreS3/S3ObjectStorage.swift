public import ArtifactStore
public import Foundation

/// Objects in a bucket of S3, or of a server that speaks its protocol.
///
/// The service must support conditional writes (`If-None-Match: *`): they are what keeps objects from being
/// overwritten. Every byte that is sent carries its SHA-256, which the service compares before it keeps anything.
///
/// Nothing this type throws or describes holds credentials, signatures or signed URLs.
public struct S3ObjectStorage: ObjectStorage {
    /// Always `s3`.
    public let kind = "s3"
    public var bucket: String { configuration.bucket }

    let configuration: S3Configuration
    let client: S3Client

    /// A storage over a transport and credentials of the host's choice. Nothing is sent yet.
    ///
    /// - Parameter credentials: Asked for every request; wrap them in ``CachedS3Credentials`` where asking costs.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the configuration breaks a rule.
    public init(
        _ configuration: S3Configuration, credentials: any S3CredentialsProvider, transport: any S3Transport,
        timing: S3Timing = .system
    ) throws(StoreError) {
        try configuration.validate()
        self.configuration = configuration
        client = S3Client(
            configuration: configuration, credentials: credentials,
            http: RetryingTransport(transport: transport, policy: configuration.retry, timing: timing))
    }

    public func put(_ bytes: Data, at key: ObjectKey, sha256: String) async throws {
        try Task.checkCancellation()
        try ImageFacts.checkStorable(bytes, sha256: sha256)
        let upload = Upload(
            bytes: bytes, key: key, sha256: sha256, what: "PUT of \(key) in \(bucket)",
            deadline: client.http.deadline())
        try await naming(upload.what) {
            if bytes.count > configuration.multipartThreshold {
                try await storeInParts(upload)
            } else {
                try await storeWhole(upload)
            }
        }
    }

    public func get(_ key: ObjectKey, expecting expected: ImageFacts) async throws -> Data {
        let what = "GET of \(key) in \(bucket)"
        return try await naming(what) { try await load(key, expecting: expected, what) }
    }

    public func head(_ key: ObjectKey) async throws -> Int64? {
        let what = "HEAD of \(key) in \(bucket)"
        return try await naming(what) { try await facts(key, what, deadline: client.http.deadline())?.byteCount }
    }

    /// A put in progress.
    struct Upload {
        let bytes: Data
        let key: ObjectKey
        let sha256: String
        /// For errors.
        let what: String
        let deadline: Duration
    }

    /// Lets nothing out but `StoreError` and `CancellationError`.
    func naming<Value>(_ what: String, _ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let failure as S3TransportFailure {
            throw StoreError(
                .objectStorage, "the answer to the \(what) is longer than any that S3 gives (\(failure))",
                hint: "Check which service answers at \(configuration.endpoint).")
        }
    }
}

#if S3
    extension S3ObjectStorage {
        /// A bucket with the credentials of this process's surroundings: environment variables, web identity, the files
        /// of the AWS tools, or the container's agent.
        ///
        /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the configuration breaks a rule.
        public init(_ configuration: S3Configuration) throws(StoreError) {
            let chain = ChainedS3Credentials(.process, transport: AsyncHTTPClientTransport.shared)
            try self.init(
                configuration, credentials: CachedS3Credentials(chain), transport: AsyncHTTPClientTransport.shared)
        }
    }

    extension ObjectStorage where Self == S3ObjectStorage {
        /// A bucket with the credentials of this process's surroundings, as in
        /// `.s3(S3Configuration(bucket: "renders", region: "eu-central-1"))`.
        ///
        /// - Throws: ``ArtifactStore/StoreError`` as ``S3ObjectStorage/init(_:)`` does.
        public static func s3(_ configuration: S3Configuration) throws(StoreError) -> Self {
            try S3ObjectStorage(configuration)
        }
    }
#endif
