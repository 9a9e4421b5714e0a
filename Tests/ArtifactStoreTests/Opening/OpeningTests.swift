import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Opening")
struct OpeningTests {
    private func pragmas(_ names: [String], _ db: Database) throws -> [String: String] {
        var values: [String: String] = [:]
        for name in names { values[name] = try String.fetchOne(db, sql: "PRAGMA \(name)") }
        return values
    }

    @Test("The writing connection has the settings that durability needs")
    func writerSettings() async throws {
        let temporary = try await TemporaryStore.open()
        let values = try await temporary.store.repository.database.write { db in
            try pragmas(
                ["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema", "cell_size_check"], db
            )
        }
        #expect(
            values == [
                "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
                "trusted_schema": "1", "cell_size_check": "1",
            ])
    }

    @Test("Reading connections cannot write, and trust no schema")
    func readerSettings() async throws {
        let temporary = try await TemporaryStore.open()
        let values = try await temporary.store.repository.database.read { db in
            try pragmas(["journal_mode", "trusted_schema", "cell_size_check"], db)
        }
        #expect(values == ["journal_mode": "wal", "trusted_schema": "0", "cell_size_check": "1"])
        await #expect(throws: (any Error).self) {
            try await temporary.store.repository.database.read { db in try db.execute(sql: "CREATE TABLE t (a)") }
        }
    }

    @Test("A read-only store refuses every write and leaves the database and its log as they are")
    func readOnly() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim(key: "hero")
        try await temporary.complete(claim)
        let files = [temporary.path, temporary.path + "-wal"]
        func bytes() -> [Data?] { files.map { FileManager.default.contents(atPath: $0) } }
        let before = bytes()
        let reader = try await TemporaryStore.open(in: temporary.folder, clock: temporary.clock) {
            $0.access = .readOnly
        }
        #expect(try await reader.store.artifact(claim.artifactId).status == .completed)
        #expect(try await reader.store.runDetail("run_1").counts.completed == 1)
        #expect(await storeError { _ = try await reader.claim() }?.code == .readOnly)
        #expect(await storeError { _ = try await reader.store.sweep() }?.code == .readOnly)
        try await reader.store.close()
        #expect(bytes() == before)
        _ = try await temporary.claim()
    }

    @Test("A second open and close in the same process leaves the first one's locks alone")
    func sameProcess() async throws {
        let temporary = try await TemporaryStore.open()
        for _ in 0..<5 {
            try await TemporaryStore.open(in: temporary.folder) { $0.access = .readOnly }.store.close()
            try await TemporaryStore.open(in: temporary.folder).store.close()
        }
        // SQLite in another process would see an unlocked, closed database if closing had dropped our locks.
        let other = try await Driver.run(
            "/usr/bin/env", ["python3", "-c", Self.exclusiveLockProbe, temporary.path])
        #expect(other.output == "locked\n", "\(other.output)\(other.errors)")
        _ = try await temporary.claim()
    }

    /// Tries the lock that SQLite takes before it removes the log of a database nobody else has open.
    private static let exclusiveLockProbe = """
        import fcntl, struct, sys
        with open(sys.argv[1], "r+b") as file:
            try:
                fcntl.fcntl(file, fcntl.F_SETLK, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0x40000002, 510, 0))
                print("free")
            except OSError:
                print("locked")
        """

    @Test("Closing leaves everything in the database file itself")
    func closedFile() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        try await temporary.store.close()
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: temporary.path, toPath: copy.path(of: "artifacts.sqlite"))
        let again = try await TemporaryStore.open(in: copy)
        #expect(try await again.store.artifact(claim.artifactId).status == .pending)
    }

    @Test(
        "A log or journal whose database was removed is never played into a new store", arguments: [false, true],
        ["-wal", "-journal"])
    func leftoverLog(isEmptyFile: Bool, suffix: String) async throws {
        let temporary = try await TemporaryStore.open()
        for _ in 0..<3 { _ = try await temporary.claim() }
        try await temporary.store.close()
        for file in [temporary.path, temporary.path + "-wal"] { try FileManager.default.removeItem(atPath: file) }
        if isEmptyFile { try Data().write(to: URL(fileURLWithPath: temporary.path)) }
        try Data([1]).write(to: URL(fileURLWithPath: temporary.path + suffix))
        let error = await storeError { _ = try await TemporaryStore.open(in: temporary.folder) }
        #expect(error?.code == .unsafePath)
        #expect(error?.message.contains(suffix) == true)
        try FileManager.default.removeItem(atPath: temporary.path + suffix)
        let again = try await TemporaryStore.open(in: temporary.folder)
        #expect(try await again.store.statistics().counts.total == 0)
    }

    @Test("A file with the mark of a store and no schema is refused by every way of opening")
    func noSchema() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "artifacts.sqlite")
        let shell = try DatabaseQueue(path: path)
        try await shell.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA application_id = \(StoreFile.applicationId)")
            try db.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try shell.close()
        for access in [StoreOptions.Access.readOnly, .readWrite, .createIfMissing] {
            let error = await storeError { _ = try await TemporaryStore.open(in: folder) { $0.access = access } }
            #expect(error?.code == .notAnArtifactStore)
            #expect(error?.hint.contains("-wal") == true)
        }
    }

    @Test("A copy made by VACUUM INTO opens, and is in WAL mode again")
    func vacuumed() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        let copy = try TemporaryFolder()
        try await temporary.shell().writeWithoutTransaction { db in
            try db.execute(sql: "VACUUM INTO ?", arguments: [copy.path(of: "artifacts.sqlite")])
        }
        let again = try await TemporaryStore.open(in: copy)
        #expect(try await again.store.artifact(claim.artifactId).status == .pending)
        _ = try await again.claim()
    }

    @Test("After closing, every call says so, and closing works in a cancelled task")
    func closed() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await temporary.store.close()
        }
        try await task.value
        #expect(await storeError { _ = try await temporary.store.artifact(claim.artifactId) }?.code == .closed)
        #expect(await storeError { _ = try await temporary.store.statistics() }?.code == .closed)
        #expect(await storeError { _ = try await temporary.claim() }?.code == .closed)
    }

    @Test("Options out of range are refused, and those at its ends work")
    func options() async throws {
        let bad: [@Sendable (inout StoreOptions) -> Void] = [
            { $0.maximumReaders = 0 }, { $0.busyTimeout = .seconds(-1) }, { $0.busyTimeout = .seconds(86_400 * 30) },
            { $0.maximumQueuedWrites = 0 }, { $0.writerCacheKiB = -1 }, { $0.owner = "" },
        ]
        for change in bad {
            #expect(await storeError { _ = try await TemporaryStore.open(configure: change) }?.code == .invalidInput)
        }
        for milliseconds in [0, 1, 1001, 3_600_000] {
            let temporary = try await TemporaryStore.open { $0.busyTimeout = .milliseconds(milliseconds) }
            try await temporary.store.close()
        }
    }

    @Test("Everything that was written is there after closing and opening again")
    func reopen() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim(key: "hero")
        try await temporary.store.complete(claim, storing: SampleImage.png(), execution: Fixture.execution)
        let before = try await temporary.store.artifact(claim.artifactId)
        try await temporary.store.close()
        let newest = MigrationHistory.embedded.newestVersion
        let again = try await TemporaryStore.open(in: temporary.folder)
        #expect(try await again.store.artifact(claim.artifactId) == before)
        #expect(again.store.migration == (from: newest, to: newest))
    }
}
