import ArtifactStoreTesting
import Foundation
import GRDB
import Synchronization
import Testing

@testable import ArtifactStore

@Suite("Group commit")
struct GroupCommitTests {
    /// Holds the writer inside a write until it is opened, so that others queue up behind it. It holds only once: a
    /// write may run again when another one loses their transaction.
    private final class Gate: Sendable {
        private let isPassed = Mutex(false)
        private let entered = DispatchSemaphore(value: 0)
        private let opened = DispatchSemaphore(value: 0)

        func hold() {
            guard
                isPassed.withLock({ isPassed in
                    defer { isPassed = true }
                    return !isPassed
                })
            else { return }
            entered.signal()
            opened.wait()
        }

        func waitUntilHeld() async {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    self.entered.wait()
                    continuation.resume()
                }
            }
        }

        func open() {
            opened.signal()
        }
    }

    private struct Refused: Error, Equatable {
        let index: Int
    }

    private final class Order: Sendable {
        private let state = Mutex<[String]>([])
        var names: [String] { state.withLock { $0 } }
        func append(_ name: String) { state.withLock { $0.append(name) } }
    }

    private func commits(of temporary: TemporaryStore) throws -> Int64 {
        // The change counter would do, but under WAL it moves once per checkpoint; frames marked as commits do not lie.
        let log = try Data(contentsOf: URL(fileURLWithPath: temporary.path + "-wal"))
        let frameSize = 24 + 4096
        return (0..<max(0, (log.count - 32) / frameSize)).reduce(0) { count, index in
            let sizeAfterCommit = log[(32 + index * frameSize + 4)..<(32 + index * frameSize + 8)]
            return count + (sizeAfterCommit.contains { $0 != 0 } ? 1 : 0)
        }
    }

    @Test("Writes that arrive while a commit is in flight share the next one")
    func share() async throws {
        let temporary = try await TemporaryStore.open()
        let before = try commits(of: temporary)
        let gate = Gate()
        let database = temporary.store.repository.database
        async let first: Void = database.write { _ in gate.hold() }
        await gate.waitUntilHeld()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<100 {
                group.addTask { _ = try await temporary.claim(run: "run_\(index)") }
            }
            while database.writer?.waitingCount ?? 0 < 100 { await Task.yield() }
            gate.open()
            try await group.waitForAll()
        }
        try await first
        #expect(try commits(of: temporary) - before == 1)
        #expect(try await temporary.store.statistics().counts.pending == 100)
    }

    @Test(
        "A write that wants a transaction alone shares none, in the order of the calls; when it fails, it alone is undone"
    )
    func alone() async throws {
        let temporary = try await TemporaryStore.open()
        let before = try commits(of: temporary)
        let database = temporary.store.repository.database
        let order = Order()
        let gate = Gate()
        async let first: Void = database.write { _ in gate.hold() }
        await gate.waitUntilHeld()
        // One after the other, so that they wait in this order.
        var writes: [Task<Void, any Error>] = []
        for (index, name) in ["a", "b", "alone", "c", "failing", "d"].enumerated() {
            let isAlone = name == "alone" || name == "failing"
            writes.append(
                Task {
                    try await database.write(alone: isAlone) { db in
                        order.append(name)
                        try db.execute(
                            sql: """
                                INSERT INTO artifact (artifactId, parentRunId, requestFingerprint, createdAt,
                                    claimOwner, fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel)
                                VALUES (?, 'run', ?, 0, 'o', 1, 0, 1, 'p', 'm')
                                """, arguments: [name, String(repeating: "0", count: 64)])
                        if name == "failing" { throw Refused(index: index) }
                    }
                })
            while database.writer?.waitingCount ?? 0 < index + 1 { await Task.yield() }
        }
        gate.open()
        try await first
        var failed: [Int] = []
        for (index, write) in writes.enumerated() {
            if case .failure = await write.result { failed.append(index) }
        }
        #expect(failed == [4])
        #expect(order.names == ["a", "b", "alone", "c", "failing", "d"])
        #expect(try commits(of: temporary) - before == 4, "a and b share one, as the first does not write")
        let names = try await temporary.shell().read { db in
            try String.fetchAll(db, sql: "SELECT artifactId FROM artifact ORDER BY sequence")
        }
        #expect(names == ["a", "b", "alone", "c", "d"])
    }

    @Test("One write that fails never fails another, and leaves nothing behind")
    func isolation() async throws {
        let temporary = try await TemporaryStore.open()
        let database = temporary.store.repository.database
        let gate = Gate()
        async let first: Void = database.write { _ in gate.hold() }
        await gate.waitUntilHeld()
        let outcomes = await withTaskGroup(of: (Int, Refused?).self) { group in
            for index in 0..<60 {
                group.addTask {
                    do {
                        try await database.write { db in
                            try db.execute(
                                sql: """
                                    INSERT INTO artifact (artifactId, parentRunId, requestFingerprint, createdAt,
                                        claimOwner, fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel)
                                    VALUES (?, 'run', ?, 0, 'o', 1, 0, 1, 'p', 'm')
                                    """, arguments: ["a\(index)", String(repeating: "0", count: 64)])
                            if index % 3 == 0 { throw Refused(index: index) }
                        }
                        return (index, nil)
                    } catch {
                        return (index, error as? Refused)
                    }
                }
            }
            while database.writer?.waitingCount ?? 0 < 60 { await Task.yield() }
            gate.open()
            return await group.reduce(into: [Int: Refused?]()) { $0[$1.0] = $1.1 }
        }
        try await first
        for index in 0..<60 {
            #expect(outcomes[index] == (index % 3 == 0 ? Refused(index: index) : nil))
        }
        let stored = try await temporary.shell().read { db in
            try String.fetchAll(db, sql: "SELECT artifactId FROM artifact ORDER BY sequence")
        }
        #expect(Set(stored) == Set((0..<60).filter { $0 % 3 != 0 }.map { "a\($0)" }))
    }

    @Test("A write that takes the whole transaction with it fails alone: the others run again")
    func lostTransaction() async throws {
        let temporary = try await TemporaryStore.open()
        let database = temporary.store.repository.database
        let gate = Gate()
        async let first: Void = database.write { _ in gate.hold() }
        await gate.waitUntilHeld()
        let results = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<20 {
                group.addTask {
                    await storeError {
                        if index == 7 {
                            try await database.write { db in
                                try db.execute(sql: "ROLLBACK")
                                throw StoreError(.database, "the disk is full", hint: "")
                            }
                        } else {
                            _ = try await temporary.claim(run: "run_\(index)")
                        }
                    } == nil
                }
            }
            while database.writer?.waitingCount ?? 0 < 20 { await Task.yield() }
            gate.open()
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        try await first
        #expect(results == 19)
        #expect(try await temporary.store.statistics().counts.pending == 19)
    }

    @Test("A caller cancelled while waiting writes nothing; one cancelled later is written once")
    func cancellation() async throws {
        let temporary = try await TemporaryStore.open()
        let database = temporary.store.repository.database
        let gate = Gate()
        async let first: Void = database.write { _ in gate.hold() }
        await gate.waitUntilHeld()
        let tasks = (0..<50).map { index in
            Task { try await temporary.claim(run: "run_\(index)") }
        }
        while database.writer?.waitingCount ?? 0 < 50 { await Task.yield() }
        for index in stride(from: 0, to: 50, by: 2) { tasks[index].cancel() }
        gate.open()
        try await first
        var written = 0
        for (index, task) in tasks.enumerated() {
            switch await task.result {
            case .success: written += 1
            case .failure(let error):
                #expect(error is CancellationError)
                #expect(index.isMultiple(of: 2))
            }
        }
        #expect(written == 25)
        #expect(try await temporary.store.statistics().counts.pending == 25)
    }

    @Test("However callers are cancelled, what they were told is what is stored")
    func cancellationStorm() async throws {
        let temporary = try await TemporaryStore.open()
        var generator = SeededGenerator(seed: 5)
        for round in 0..<20 {
            let tasks = (0..<32).map { index in
                Task { try await temporary.claim(run: "run_\(round)", key: "\(index)") }
            }
            for index in 0..<32 where Bool.random(using: &generator) {
                if Bool.random(using: &generator) { await Task.yield() }
                tasks[index].cancel()
            }
            var acknowledged: Set<String> = []
            for (index, task) in tasks.enumerated() {
                if case .success = await task.result { acknowledged.insert("\(index)") }
            }
            let stored = try await temporary.shell().read { db in
                try String.fetchSet(
                    db, sql: "SELECT idempotencyKey FROM artifact WHERE parentRunId = ?", arguments: ["run_\(round)"])
            }
            #expect(stored == acknowledged)
        }
    }

    @Test("A full queue pushes back with busy instead of growing")
    func fullQueue() async throws {
        let temporary = try await TemporaryStore.open { $0.maximumQueuedWrites = 10 }
        let database = temporary.store.repository.database
        let gate = Gate()
        async let first: Void = database.write { _ in gate.hold() }
        await gate.waitUntilHeld()
        let refused = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<30 {
                group.addTask {
                    await storeError { _ = try await temporary.claim(run: "run_\(index)") }?.code == .busy
                }
            }
            var count = 0
            while count < 20, await group.next() == true { count += 1 }
            gate.open()
            for await isBusy in group where isBusy { count += 1 }
            return count
        }
        try await first
        #expect(refused == 20)
        #expect(try await temporary.store.statistics().counts.pending == 10)
    }

    @Test("Closing lets waiting writes finish and refuses later ones")
    func closing() async throws {
        let temporary = try await TemporaryStore.open()
        let database = temporary.store.repository.database
        let gate = Gate()
        async let first: Void = database.write { _ in gate.hold() }
        await gate.waitUntilHeld()
        let tasks = (0..<20).map { index in Task { try await temporary.claim(run: "run_\(index)") } }
        while database.writer?.waitingCount ?? 0 < 20 { await Task.yield() }
        async let closing: Void = temporary.store.close()
        gate.open()
        try await first
        for task in tasks { _ = try await task.value }
        try await closing
        #expect(await storeError { _ = try await temporary.claim() }?.code == .closed)
        let again = try await TemporaryStore.open(in: temporary.folder)
        #expect(try await again.store.statistics().counts.pending == 20)
    }

    @Test("Every write waits for the lock that all processes share, and no longer than allowed")
    func sharedLock() async throws {
        let temporary = try await TemporaryStore.open { $0.busyTimeout = .milliseconds(50) }
        let other = try FileLock(of: StorePath(temporary.path))
        try other.acquire(timeout: .zero)
        let error = await storeError { _ = try await temporary.claim() }
        #expect(error?.code == .busy)
        #expect(error?.message.contains("-lock") == true)
        #expect(try await temporary.store.statistics().counts.total == 0, "reading goes on")
        other.release()
        _ = try await temporary.claim()
    }

    @Test("A database that stays locked ends in busy within the time that was allowed")
    func locked() async throws {
        let temporary = try await TemporaryStore.open { $0.busyTimeout = .milliseconds(50) }
        let shell = try temporary.shell()
        try await shell.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        #expect(await storeError { _ = try await temporary.claim() }?.code == .busy)
        try await shell.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
        _ = try await temporary.claim()
    }
}
