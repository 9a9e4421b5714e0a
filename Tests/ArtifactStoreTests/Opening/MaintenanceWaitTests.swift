import ArtifactStoreTesting
import Foundation
import Synchronization
import Testing

@testable import ArtifactStore

@Suite("While another process migrates or restores")
struct MaintenanceWaitTests {
    private func options(busy: Duration, maintenance: Duration) -> StoreOptions {
        var options = StoreOptions()
        options.busyTimeout = busy
        options.maintenanceTimeout = maintenance
        options.owner = "deploy-7"
        options.now = { Timestamp(clamping: 1_800_000_000_000) }
        return options
    }

    @Test("opening waits for it longer than a write waits, and says for what it waited in vain")
    func inVain() async throws {
        let temporary = try await TemporaryStore.open()
        try await temporary.store.close()
        let options = options(busy: .zero, maintenance: .milliseconds(50))
        let other = try FileLock(of: StorePath(temporary.path))
        let error = try await other.held(options) {
            await storeError { _ = try await ArtifactStore.open(at: temporary.path, options: options) }
        }
        #expect(error?.code == .busy)
        #expect(
            error?.message.contains("0.05 seconds: deploy-7 migrates the store since 2027-01-15T08:00:00.000Z") == true)
    }

    @Test("opening succeeds as soon as it is done, however long that took")
    func done() async throws {
        let temporary = try await TemporaryStore.open()
        try await temporary.store.close()
        let options = options(busy: .zero, maintenance: .seconds(600))
        let other = try FileLock(of: StorePath(temporary.path))
        let opening = try await other.held(options) {
            let opening = Task { try await ArtifactStore.open(at: temporary.path, options: options) }
            // Long enough for it to find the lock taken; when it does not, it succeeds all the same.
            for _ in 0..<1000 { await Task.yield() }
            return opening
        }
        try await opening.value.close()
    }

    @Test("a note that a process left which died delays nobody, and goes")
    func stale() async throws {
        let temporary = try await TemporaryStore.open()
        try await temporary.store.close()
        try Data("deploy-6 migrates the store".utf8).write(to: URL(fileURLWithPath: temporary.path + "-lock"))
        let options = options(busy: .zero, maintenance: .seconds(600))
        try await ArtifactStore.open(at: temporary.path, options: options).close()
        #expect(FileManager.default.contents(atPath: temporary.path + "-lock")?.isEmpty == true)
    }

    @Test("A migration notes itself while it runs, and a restore does", arguments: ["migrates", "restores"])
    func noted(task: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "a.sqlite")
        try Data(SmallStore.bytes(version: 1)).write(to: URL(fileURLWithPath: path))
        let backup = folder.path(of: "backup.sqlite")
        _ = try await ArtifactStore.backUp(at: path, to: backup)
        let options = options(busy: .zero, maintenance: .zero)
        let notes = Notes()
        let look = { @Sendable (_: StoreProgress) in notes.add(FileManager.default.contents(atPath: path + "-lock")) }
        if task == "migrates" {
            _ = try await ArtifactStore.migrate(at: path, options: options, progress: look)
        } else {
            _ = try await ArtifactStore.restore(backup, to: path, replacing: true, options: options, progress: look)
        }
        #expect(notes.all == ["deploy-7 \(task) the store since 2027-01-15T08:00:00.000Z"])
        #expect(FileManager.default.contents(atPath: path + "-lock")?.isEmpty == true)
    }
}

private final class Notes: Sendable {
    private let state = Mutex<Set<String>>([])
    var all: Set<String> { state.withLock { $0 } }
    func add(_ bytes: Data?) { _ = state.withLock { $0.insert(String(decoding: bytes ?? Data(), as: UTF8.self)) } }
}

extension FileLock {
    /// As a process that migrates holds it.
    fileprivate func held<Value: Sendable>(
        _ options: StoreOptions, _ body: () async throws -> Value
    ) async throws -> Value {
        try acquire(timeout: .zero)
        defer { release() }
        leaveNote("migrates the store", options)
        return try await body()
    }
}
