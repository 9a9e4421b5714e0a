#if S3
    import Foundation
    import Testing

    /// The server that scripts/s3-server.sh starts, as the command is told of it.
    enum S3Server {
        private static let variables = ProcessInfo.processInfo.environment
        private static let endpoint = variables["S3_TEST_ENDPOINT"]

        static let isWanted = endpoint != nil || variables["S3_TEST_REQUIRED"] == "1"
        static let leftOut: Comment = "left out: make test starts an S3 server and names it in S3_TEST_ENDPOINT"

        static let secret = "TESTSECRET0123456789"

        /// All by variables.
        static func environment() throws -> [String: String] {
            [
                "ARTIFACTS_OBJECTS": "s3://artifact-tests", "AWS_REGION": "us-east-1",
                "AWS_ENDPOINT_URL_S3": try #require(endpoint, "make test sets S3_TEST_ENDPOINT"),
                "AWS_ACCESS_KEY_ID": "TESTKEY", "AWS_SECRET_ACCESS_KEY": secret,
            ]
        }

        /// A Python with boto3.
        static func python() throws -> String {
            try #require(variables["S3_TEST_PYTHON"], "make test sets S3_TEST_PYTHON")
        }

        /// Status, content type and disposition on a line each, then the bytes, of a request with no credentials.
        static func fetch(_ url: String) async throws -> (
            status: String, type: String, disposition: String, bytes: Data
        ) {
            let script = """
                import sys, urllib.request, urllib.error
                try:
                    answer = urllib.request.urlopen(sys.argv[1])
                except urllib.error.HTTPError as error:
                    answer = error
                head = [str(answer.status), answer.headers["content-type"], answer.headers["content-disposition"]]
                sys.stdout.buffer.write("\\n".join(str(line) for line in head).encode() + b"\\n" + answer.read())
                """
            let result = try await Command.start(python(), ["-c", script, url]).finish()
            try #require(result.status == 0, "\(result.errors)")
            let parts = result.bytes.split(
                separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
            try #require(parts.count == 4)
            func text(_ part: Data) -> String { String(decoding: part, as: UTF8.self) }
            return (text(parts[0]), text(parts[1]), text(parts[2]), Data(parts[3]))
        }
    }
#endif
