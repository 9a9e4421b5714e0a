import ArtifactStore
import ArtifactStoreS3
import Crypto
import Foundation
import Testing

func sha256(_ bytes: Data) -> String {
    SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// A storage that talks to a script.
func storage(
    _ transport: some S3Transport, time: ManualTime = ManualTime(),
    credentials: (any S3CredentialsProvider)? = nil, configure: (inout S3Configuration) -> Void = { _ in }
) throws -> S3ObjectStorage {
    var configuration = try S3Configuration(
        bucket: "renders", region: "us-east-1", endpoint: S3Endpoint("http://127.0.0.1:8333"))
    configure(&configuration)
    let keys = try S3Credentials(accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret")
    return try S3ObjectStorage(
        configuration, credentials: credentials ?? StaticS3Credentials(keys), transport: transport,
        timing: time.timing)
}

/// The error that a call must throw.
func storeError(
    _ code: StoreError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ work: () async throws -> Void
) async throws -> StoreError {
    let error = await #expect(throws: StoreError.self, sourceLocation: sourceLocation) { try await work() }
    let found = try #require(error, sourceLocation: sourceLocation)
    #expect(found.code == code, "\(found)", sourceLocation: sourceLocation)
    #expect(!found.message.isEmpty && !found.hint.isEmpty, sourceLocation: sourceLocation)
    return found
}
