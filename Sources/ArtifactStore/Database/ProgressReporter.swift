internal import GRDBSQLite
internal import Synchronization

/// Tells a caller how far long work has come, also in the middle of one long statement.
final class ProgressReporter: Sendable {
    private let handler: @Sendable (StoreProgress) -> Void
    private let last = Mutex<StoreProgress?>(nil)

    init(_ handler: @escaping @Sendable (StoreProgress) -> Void) {
        self.handler = handler
    }

    func report(_ phase: StoreProgress.Phase, _ subject: String, _ completed: Int64 = 0, of total: Int64? = nil) {
        let progress = StoreProgress(phase: phase, subject: subject, completed: completed, total: total)
        last.withLock { $0 = progress }
        handler(progress)
    }

    /// Repeats the last report while `work` keeps a connection busy, so that a caller sees time pass.
    func whileTicking<Value>(_ connection: OpaquePointer?, _ work: () throws -> Value) rethrows -> Value {
        // About every hundredth of a second of SQLite's work (measured: 20 to 100 million steps a second).
        sqlite3_progress_handler(
            connection, 500_000,
            { context in
                if let context { Unmanaged<ProgressReporter>.fromOpaque(context).takeUnretainedValue().tick() }
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
        defer { sqlite3_progress_handler(connection, 0, nil, nil) }
        return try work()
    }

    private func tick() {
        if let progress = last.withLock({ $0 }) { handler(progress) }
    }
}
