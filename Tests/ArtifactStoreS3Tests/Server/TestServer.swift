#if S3
    import ArtifactStore
    import ArtifactStoreS3
    import Foundation
    import Testing

    /// The server that scripts/s3-server.sh starts, with its one bucket.
    enum TestServer {
        static let bucket = "artifact-tests"
        static let leftOut: Comment = "left out: make test starts an S3 server and names it in S3_TEST_ENDPOINT"

        static func endpoint() throws -> S3Endpoint {
            try S3Endpoint(try #require(Surroundings.endpoint, "make test sets S3_TEST_ENDPOINT"))
        }

        static func credentials() throws -> S3Credentials {
            try S3Credentials(accessKeyId: "TESTKEY", secretAccessKey: "TESTSECRET0123456789")
        }

        static func readingCredentials() throws -> S3Credentials {
            try S3Credentials(accessKeyId: "READKEY", secretAccessKey: "READSECRET0123456789")
        }

        static func storage(
            credentials: S3Credentials? = nil, timing: S3Timing = .system,
            configure: (inout S3Configuration) -> Void = { _ in }
        ) throws -> S3ObjectStorage {
            var configuration = try S3Configuration(bucket: bucket, region: "us-east-1", endpoint: endpoint())
            configure(&configuration)
            return try S3ObjectStorage(
                configuration, credentials: StaticS3Credentials(credentials ?? Self.credentials()),
                transport: AsyncHTTPClientTransport.shared, timing: timing)
        }

        /// A key of its own for each test, in a bucket that all of them share.
        static func key(_ name: String = "object.png", in folder: String = UUID().uuidString) throws -> ObjectKey {
            try ObjectKey("\(folder)/\(name)")
        }

        /// A request without any signature but the URL's.
        static func request(
            _ url: String, _ method: String = "GET", headers: [S3Request.Field] = [], body: Data = Data()
        ) async throws -> S3HTTPResponse {
            try await AsyncHTTPClientTransport.shared.send(
                S3HTTPRequest(method: method, url: url, headers: headers, body: body), timeout: .seconds(30),
                bodyLimit: 1_000_000)
        }
    }
#endif
