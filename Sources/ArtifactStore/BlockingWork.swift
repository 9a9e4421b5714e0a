internal import Dispatch

/// Runs calls that may wait for a disk on threads of their own: the cooperative pool has one for each core, and a
/// thread that sleeps in `fsync` is a core that runs no task.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "ArtifactStore.blocking", attributes: .concurrent)

    /// - Throws: What `work` throws, or `CancellationError` when the task was cancelled before it began.
    static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        return try await runToEnd(work)
    }

    /// Also runs in a cancelled task: for work that must not be left out.
    ///
    /// - Throws: What `work` throws.
    static func runToEnd<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
