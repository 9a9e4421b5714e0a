import Foundation

/// What `make test` provides: a server and botocore. Without them a plain `swift test` says which tests it left out;
/// under `make test`, which sets `S3_TEST_REQUIRED`, those run in any case and fail for want of them.
enum Surroundings {
    private static let environment = ProcessInfo.processInfo.environment

    static let isRequired = environment["S3_TEST_REQUIRED"] == "1"
    /// Such as `http://127.0.0.1:8333`, where the keys below are known and the bucket exists.
    static let endpoint = environment["S3_TEST_ENDPOINT"]
    /// Holds the number of the server's process, which something starts again when it ends.
    static let pidFile = environment["S3_TEST_PID_FILE"]
    /// A Python that has botocore.
    static let python = environment["S3_TEST_PYTHON"]

    static let runsServerTests = endpoint != nil || isRequired
    static let runsBotocoreTests = python != nil || isRequired
}
