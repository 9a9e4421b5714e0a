import ArtifactStoreTesting
import Foundation
import Synchronization
import Testing

@testable import ArtifactStore

@Suite("The draft of a copy")
struct StoreDraftTests {
    /// What two containers do that share a volume and number their processes alike.
    private func calls(_ bits: UInt64 = 7) -> FileSystemCalls {
        var calls = FileSystemCalls()
        calls.randomBits = { bits }
        return calls
    }

    @Test("has a name that nobody else gives: where something has it, that stays, and no copy is made")
    func taken() throws {
        let folder = try TemporaryFolder()
        let target = try StorePath(folder.path(of: "backup.sqlite"))
        let first = try StoreDraft(for: target, calls())
        let before = try FolderState(folder.path)
        #expect(throws: StoreError.self) { _ = try StoreDraft(for: target, calls()) }
        #expect(try FolderState(folder.path) == before)
        try first.publish(replacing: false)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["backup.sqlite"])
    }

    @Test("gives its name to no other file than the one that was made")
    func swapped() throws {
        let folder = try TemporaryFolder()
        let target = try StorePath(folder.path(of: "backup.sqlite"))
        let draft = try StoreDraft(for: target, calls())
        try FileManager.default.moveItem(atPath: draft.path, toPath: folder.path(of: "mine"))
        try Data("somebody's half file".utf8).write(to: URL(fileURLWithPath: draft.path))
        #expect(throws: StoreError.self) { try draft.publish(replacing: false) }
        #expect(try target.isTaken() == false)
    }

    @Test("names differ, and their numbers have 16 digits whatever they are")
    func names() throws {
        #expect(calls(0).draftPath(beside: "a") == "a.new-0000000000000000")
        #expect(calls(.max).draftPath(beside: "a") == "a.new-ffffffffffffffff")
        let real = FileSystemCalls()
        #expect(Set((0..<100).map { _ in real.draftPath(beside: "a") }).count == 100)
    }

    /// A store and its backup, and calls of which the last sync of the folder fails.
    private func failingLastSync(of work: (StoreOptions, StorePath) throws -> Void) async throws -> (
        error: StoreError, folder: TemporaryFolder
    ) {
        let count = Mutex(0)
        func options(failing number: Int?) -> StoreOptions {
            count.withLock { $0 = 0 }
            var options = StoreOptions()
            options.calls.intercept = { name, target, perform in
                guard name == .sync, target.hasSuffix("/.") else { return perform() }
                let isLast = count.withLock { count in
                    count += 1
                    return count == number
                }
                return isLast ? .failure(SystemCallFailure(name: name, target: target, code: EIO)) : perform()
            }
            return options
        }
        func folder() async throws -> TemporaryFolder {
            let temporary = try await TemporaryStore.open()
            _ = try await temporary.claim()
            try await temporary.store.close()
            return temporary.folder
        }
        let rehearsal = try await folder()
        try work(options(failing: nil), StorePath(rehearsal.path(of: "artifacts.sqlite")))
        let last = count.withLock { $0 }
        let actual = try await folder()
        let error = try #require(throws: StoreError.self) {
            try work(options(failing: last), StorePath(actual.path(of: "artifacts.sqlite")))
        }
        return (error, actual)
    }

    @Test("that has its name, but not yet for certain, is said to be so: that is neither a success nor a failure")
    func unsynced() async throws {
        let progress = ProgressReporter { _ in }
        let (error, folder) = try await failingLastSync { options, path in
            _ = try StoreBackup(source: path, history: .embedded, calls: options.calls, progress: progress)
                .make(at: StorePath(path.text + ".backup"))
        }
        #expect(error.code == .outcomeUnknown)
        let path = folder.path(of: "artifacts.sqlite")
        #expect(try StoreContents(at: path + ".backup") == StoreContents(at: path))
    }

    @Test("of a restored store tells then where the old one is kept")
    func unsyncedRestore() async throws {
        let progress = ProgressReporter { _ in }
        let (error, folder) = try await failingLastSync { options, path in
            let backup = try StorePath(path.text + ".backup")
            _ = try StoreBackup(source: path, history: .embedded, calls: FileSystemCalls(), progress: progress)
                .make(at: backup)
            _ = try StoreRestore(
                backup: backup, target: path, history: .embedded, options: options, progress: progress
            ).run(replacing: true)
        }
        #expect(error.code == .outcomeUnknown)
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path).first {
            $0.contains(".replaced-") && !$0.hasSuffix("-wal")
        }
        #expect(error.message.contains("is kept as \(folder.path(of: try #require(kept)))"))
    }
}
