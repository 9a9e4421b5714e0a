import ArtifactStore
import ArtifactStoreS3
import Synchronization

/// Gives new credentials each time it is asked, and counts.
final class CountingProvider: S3CredentialsProvider {
    private struct State {
        var count = 0
        var error: StoreError?
    }

    private let state = Mutex(State())
    private let expiry: @Sendable () -> Timestamp?

    init(expiry: @escaping @Sendable () -> Timestamp? = { nil }) {
        self.expiry = expiry
    }

    var count: Int { state.withLock { $0.count } }

    func fail(with error: StoreError?) {
        state.withLock { $0.error = error }
    }

    func credentials() async throws -> S3Credentials? {
        // Lets every caller that is under way arrive first.
        await Task.yield()
        let count = try state.withLock { state in
            state.count += 1
            if let error = state.error { throw error }
            return state.count
        }
        return try S3Credentials(accessKeyId: "KEY\(count)", secretAccessKey: "secret", expiresAt: expiry())
    }
}
