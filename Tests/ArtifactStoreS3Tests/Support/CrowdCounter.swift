import ArtifactStoreS3
import Synchronization

/// Counts how many requests are under way at once, and gives others the chance to be among them.
final class CrowdCounter: S3Transport {
    private let counts = Mutex((now: 0, most: 0))
    private let below: ScriptedTransport

    init(_ below: ScriptedTransport) {
        self.below = below
    }

    var most: Int { counts.withLock { $0.most } }

    func send(_ request: S3HTTPRequest, timeout: Duration, bodyLimit: Int) async throws -> S3HTTPResponse {
        counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
        defer { counts.withLock { $0.now -= 1 } }
        for _ in 0..<1_000 { await Task.yield() }
        return try await below.send(request, timeout: timeout, bodyLimit: bodyLimit)
    }
}
