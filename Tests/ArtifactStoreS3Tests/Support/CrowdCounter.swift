import ArtifactStoreS3
import Synchronization

/// Counts how many PUTs are under way at once: each one waits for as many as are expected, and then for one too many.
final class CrowdCounter: S3Transport {
    private let counts = Mutex((now: 0, most: 0))
    private let below: ScriptedTransport
    private let expected: Int

    init(_ below: ScriptedTransport, expecting expected: Int) {
        self.below = below
        self.expected = expected
    }

    var most: Int { counts.withLock { $0.most } }

    func send(_ request: S3HTTPRequest, timeout: Duration, bodyLimit: Int) async throws -> S3HTTPResponse {
        if request.method == "PUT" {
            counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            for _ in 0..<1_000_000 where most < expected { await Task.yield() }
            for _ in 0..<1_000 { await Task.yield() }
            counts.withLock { $0.now -= 1 }
        }
        return try await below.send(request, timeout: timeout, bodyLimit: bodyLimit)
    }
}
