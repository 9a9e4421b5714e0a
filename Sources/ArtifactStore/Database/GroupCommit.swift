internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// The one writer of an open store: concurrent callers share a commit, and with it the one wait for the disk.
///
/// A write that arrives while a transaction is open joins it, in a savepoint of its own; everyone is answered after
/// the commit. The transaction is filled from the writer's own thread, which looks for more writes a few times before
/// it commits, and callers are resumed from there: handing batches from thread to thread measured a third of that.
final class GroupCommit: Sendable {
    /// One caller's write. `perform` runs it inside the open transaction and gives back how to answer the caller once
    /// the fate of the transaction is known.
    private struct Write: Sendable {
        let id: UInt64
        let isAlone: Bool
        let perform: @Sendable (Database) -> Answer
        let refuse: @Sendable (any Error) -> Void
    }

    private struct Answer: Sendable {
        /// Whether the write failed in a way that took the whole transaction with it.
        let lostTransaction: Bool
        /// Resumes the caller, with the transaction's error in place of the write's own result if there is one.
        let deliver: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var waiting: [Write] = []
        var nextId: UInt64 = 0
        var isDraining = false
        var isClosed = false
        var closing: [CheckedContinuation<Void, Never>] = []
    }

    private let queue: DatabaseQueue
    private let lock: FileLock
    private let busyTimeout: Duration
    private let capacity: Int
    private let state = Mutex(State())

    /// The most writes in one transaction: it bounds how long the first caller of a group waits for the last.
    private static let largestGroup = 512
    /// How long the writer looks for callers that are about to come, before it commits or rests: about what one wait
    /// for a fast disk costs, and less than waking this thread again.
    private static let patience: Duration = .microseconds(200)

    init(queue: DatabaseQueue, lock: FileLock, options: StoreOptions) {
        self.queue = queue
        self.lock = lock
        busyTimeout = options.busyTimeout
        capacity = max(1, options.maximumQueuedWrites)
    }

    /// Runs a write and returns once it is durable.
    ///
    /// A caller that is cancelled while its write waits gets `CancellationError`, and nothing is written. Once the
    /// write has begun, cancelling has no effect: the caller gets the result.
    ///
    /// - Parameter alone: Whether it gets a transaction that no other write shares, and runs in it without a savepoint.
    ///   Under a savepoint SQLite keeps, in memory here, a journal of every page that was there before, and goes through
    ///   all of it after each statement: bulk writes to a large store would take ever longer (measured for an import of
    ///   52,500 artifacts into as many others: 250 MB and 1,331 s with it, 81 MB and 38 s without).
    /// - Throws: What `operation` throws, alone; ``StoreError`` `busy` when the queue is full or the database is not
    ///   free in time, `outcomeUnknown` when the commit failed, `closed` after ``close()``.
    func write<Value: Sendable>(
        alone: Bool = false, _ operation: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.nextId += 1
            return state.nextId
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(
                    Write(
                        id: id, isAlone: alone,
                        perform: { db in
                            let result = Result {
                                try alone ? Self.inTransaction(db, operation) : Self.inSavepoint(db, operation)
                            }
                            let isLost = alone && (try? result.get()) == nil || !db.isInsideTransaction
                            return Answer(lostTransaction: isLost) { transactionError in
                                if let transactionError {
                                    continuation.resume(throwing: transactionError)
                                } else {
                                    continuation.resume(with: result)
                                }
                            }
                        },
                        refuse: { continuation.resume(throwing: $0) }))
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// How many writes wait for a transaction at this moment.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    private func enqueue(_ write: Write) {
        enum Verdict { case refused(StoreError), queued, start }
        let verdict: Verdict = state.withLock { state in
            if state.isClosed { return .refused(.closed) }
            if state.waiting.count >= capacity {
                return .refused(
                    StoreError(
                        .busy, "\(capacity) writes are waiting already", hint: "Slow down, and try again in a moment."))
            }
            state.waiting.append(write)
            if state.isDraining { return .queued }
            state.isDraining = true
            return .start
        }
        // Cancelled between registering the handler and queueing: the handler found nothing to remove.
        if Task.isCancelled { cancel(write.id) }
        switch verdict {
        case .refused(let error): write.refuse(error)
        case .queued: break
        case .start: queue.asyncWriteWithoutTransaction { db in self.drain(db) }
        }
    }

    private func cancel(_ id: UInt64) {
        let write = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
        }
        write?.refuse(CancellationError())
    }

    /// Lets waiting writes finish. Further ones throw `closed`.
    func finish() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.isDraining { state.closing.append(continuation) }
                return !state.isDraining
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Closes the connection. The last one to close checkpoints, which other writers must not race.
    func close() async throws {
        let (lock, queue, busyTimeout) = (lock, queue, busyTimeout)
        try await BlockingWork.runToEnd { try lock.whileHeld(timeout: busyTimeout) { try queue.close() } }
    }

    // MARK: - On the writer's thread

    private func drain(_ db: Database) {
        var lastCount = 1
        while true {
            let group = takeOrAwait(atMost: Self.largestGroup, joining: false)
            if group.isEmpty {
                let closing: [CheckedContinuation<Void, Never>]? = state.withLock { state in
                    guard state.waiting.isEmpty else { return nil }
                    state.isDraining = false
                    defer { state.closing = [] }
                    return state.closing
                }
                guard let closing else { continue }
                for continuation in closing { continuation.resume() }
                return
            }
            lastCount = commit(group, expecting: lastCount, db)
        }
    }

    /// The waiting writes; when there are none, those that arrive within the writer's patience.
    private func takeOrAwait(atMost count: Int, joining: Bool) -> [Write] {
        var group = takeWaiting(atMost: count, joining: joining)
        guard group.isEmpty else { return group }
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        repeat {
            sched_yield()
            group = takeWaiting(atMost: count, joining: joining)
        } while group.isEmpty && clock.now < deadline
        return group
    }

    /// - Parameter joining: Whether they are to join a transaction. A write that wants one alone does not, and those
    ///   behind it wait with it.
    private func takeWaiting(atMost count: Int, joining: Bool) -> [Write] {
        state.withLock { state in
            var end = min(count, state.waiting.count)
            if let alone = state.waiting.prefix(end).firstIndex(where: \.isAlone) {
                end = alone == 0 && !joining ? 1 : alone
            }
            if end == state.waiting.count {
                defer { state.waiting.removeAll(keepingCapacity: true) }
                return state.waiting
            }
            defer { state.waiting.removeFirst(end) }
            return Array(state.waiting.prefix(end))
        }
    }

    /// Runs a group, and whoever joins while it runs, in one transaction.
    ///
    /// - Parameter expected: How many writes the last transaction had. Their callers are likely to come again, and are
    ///   awaited; a lone caller is waiting for this very commit.
    /// - Returns: How many writes this one had.
    private func commit(_ first: [Write], expecting expected: Int, _ db: Database) -> Int {
        if first.count == 1, first[0].isAlone {
            commitAlone(first[0], db)
            return 1
        }
        guard begin(db, for: first) else { return 1 }
        var performed: [(write: Write, answer: Answer)] = []
        var group = first
        while !group.isEmpty {
            for (index, write) in group.enumerated() {
                let answer = write.perform(db)
                if answer.lostTransaction {
                    lock.release()
                    // Rolled back by SQLite (disk full, I/O error): only the write that met it is answered so. The
                    // others left no trace and run again, each alone.
                    answer.deliver(nil)
                    for (write, _) in performed { commitAlone(write, db) }
                    for write in group[(index + 1)...] { commitAlone(write, db) }
                    return 1
                }
                performed.append((write, answer))
            }
            let room = Self.largestGroup - performed.count
            guard room > 0 else { break }
            group =
                performed.count < expected
                ? takeOrAwait(atMost: room, joining: true) : takeWaiting(atMost: room, joining: true)
        }
        end(db, performed.map(\.answer))
        return performed.count
    }

    private func commitAlone(_ write: Write, _ db: Database) {
        guard begin(db, for: [write]) else { return }
        let answer = write.perform(db)
        if answer.lostTransaction {
            lock.release()
            answer.deliver(nil)
        } else {
            end(db, [answer])
        }
    }

    private func begin(_ db: Database, for group: [Write]) -> Bool {
        do {
            try lock.acquire(timeout: busyTimeout)
        } catch {
            for write in group { write.refuse(error) }
            return false
        }
        do {
            if db.isInsideTransaction { try PreparedStatement(db, "ROLLBACK").run() }
            try PreparedStatement(db, "BEGIN IMMEDIATE").run()
            return true
        } catch {
            lock.release()
            for write in group { write.refuse(StoreError.mapping(error)) }
            return false
        }
    }

    private func end(_ db: Database, _ answers: [Answer]) {
        var failure: (any Error)?
        do {
            try PreparedStatement(db, "COMMIT").run()
        } catch {
            if db.isInsideTransaction { try? PreparedStatement(db, "ROLLBACK").run() }
            // Measured: after a failed sync of the log the row is invisible here and yet there after a crash.
            let cause = StoreError.mapping(error) as? StoreError
            failure = StoreError(
                .outcomeUnknown,
                "the commit failed, and the write may or may not last: \(cause?.message ?? "\(error)")",
                hint: "Repeat the call with the same artifact id or claim: it converges.",
                underlyingCode: cause?.underlyingCode)
        }
        lock.release()
        for answer in answers { answer.deliver(failure) }
    }

    private static func inTransaction<Value>(_ db: Database, _ operation: (Database) throws -> Value) throws -> Value {
        do {
            return try operation(db)
        } catch {
            if db.isInsideTransaction { try? PreparedStatement(db, "ROLLBACK").run() }
            throw StoreError.mapping(error)
        }
    }

    private static func inSavepoint<Value>(_ db: Database, _ operation: (Database) throws -> Value) throws -> Value {
        try PreparedStatement(db, "SAVEPOINT write").run()
        do {
            let value = try operation(db)
            try PreparedStatement(db, "RELEASE write").run()
            return value
        } catch {
            if db.isInsideTransaction {
                do {
                    try PreparedStatement(db, "ROLLBACK TO write").run()
                    try PreparedStatement(db, "RELEASE write").run()
                } catch {
                    // Half a write must not be committed with the others: give the whole transaction up.
                    try? PreparedStatement(db, "ROLLBACK").run()
                }
            }
            throw StoreError.mapping(error)
        }
    }
}
