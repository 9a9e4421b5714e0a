import ArtifactStoreTesting
import Foundation
import GRDB
import GRDBSQLite
import Testing

@testable import ArtifactStore

@Suite("A store that gives way to a backup")
struct ReplacedStoreTests {
    /// A store with one artifact, its backup, and a second artifact that is in the store's log alone.
    private struct Setting {
        let folder: TemporaryFolder
        let path: String
        let backup: String
        var options = StoreOptions()

        init() async throws {
            let temporary = try await TemporaryStore.open()
            _ = try await temporary.claim(key: "before")
            folder = try TemporaryFolder()
            (path, backup) = (folder.path(of: "a.sqlite"), folder.path(of: "backup.sqlite"))
            _ = try await temporary.store.backUp(to: backup)
            _ = try await temporary.claim(key: "after")
            // As a process leaves it that is killed: copied while it is open.
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: temporary.path + suffix, toPath: path + suffix)
            }
            options.busyTimeout = .milliseconds(50)
        }

        func restore() async throws -> RestoreReport {
            try await ArtifactStore.restore(backup, to: path, replacing: true, options: options)
        }

        func bytes(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

        /// Makes the schema unreadable, in the file or by a cut of it.
        func damage(_ kind: Damage) throws {
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            switch kind {
            case .schema:
                try file.seek(toOffset: 100)
                try file.write(contentsOf: Data((100..<4096).map { UInt8($0 % 251) }))
            case .pageSize:
                try file.seek(toOffset: 16)
                try file.write(contentsOf: Data([0x12, 0x34]))
            }
            // The log would mend what is damaged in the file.
            try Data(bytes(path + "-wal")?.prefix(32 + 24 + 4096) ?? Data()).write(
                to: URL(fileURLWithPath: path + "-wal"))
        }
    }

    enum Damage: CaseIterable { case schema, pageSize }

    @Test("is kept byte for byte with its log, whole or damaged", arguments: [Damage?.none, .schema, .pageSize])
    func kept(damage: Damage?) async throws {
        let setting = try await Setting()
        if let damage { try setting.damage(damage) }
        let (main, log) = (setting.bytes(setting.path), setting.bytes(setting.path + "-wal"))
        let kept = try #require(try await setting.restore().kept)
        #expect(setting.bytes(kept) == main)
        #expect(setting.bytes(kept + "-wal") == log)
        #expect(try StoreContents(at: setting.path) == StoreContents(at: setting.backup))
        if damage == nil { #expect(try StoreContents(at: kept).rows["artifact"]?.rowCount == 2) }
    }

    @Test("and is damaged is not replaced while a program has it open", arguments: Damage.allCases)
    func damagedAndOpen(damage: Damage) async throws {
        let setting = try await Setting()
        let other = try DatabaseQueue(path: setting.path)
        try await other.writeWithoutTransaction { db in try db.execute(sql: "DELETE FROM artifact WHERE 0") }
        try setting.damage(damage)
        let before = setting.bytes(setting.path)
        let error = await storeError { _ = try await setting.restore() }
        #expect(error?.code == .busy, "\(error.map { "\($0)" } ?? "replaced")")
        #expect(setting.bytes(setting.path) == before)
        try other.close()
        _ = try await setting.restore()
    }

    @Test("is not replaced while a program reads it that was restored itself, and not written since")
    func restoredAndRead() async throws {
        let setting = try await Setting()
        _ = try await setting.restore()
        var options = StoreOptions()
        options.access = .readOnly
        let reader = try await ArtifactStore.open(at: setting.path, options: options)
        #expect(try await reader.statistics().counts.total == 1)
        #expect(await storeError { _ = try await setting.restore() }?.code == .busy)
        try await reader.close()
        _ = try await setting.restore()
    }

    @Test("is not replaced by itself, however its path is spelled")
    func itself() async throws {
        let setting = try await Setting()
        let folder = setting.folder
        let link = folder.path + "-link"
        symlink(folder.path, link)
        defer { unlink(link) }
        let before = try FolderState(folder.path)
        for name in [
            "\(folder.path)/./a.sqlite", "\(folder.path)/../\(folder.path.split(separator: "/").last ?? "")/a.sqlite",
            "\(link)/a.sqlite",
        ] {
            let error = await storeError {
                _ = try await ArtifactStore.restore(name, to: setting.path, replacing: true)
            }
            #expect(error?.code == .conflict, "\(name)")
        }
        #expect(try FolderState(folder.path).ofFiles == before.ofFiles)
    }

    @Test(
        "goes on belonging to whom it belonged, with its copy and its lock, when the superuser restores",
        .enabled(if: geteuid() == 0, "only the superuser gives files away"))
    func owner() async throws {
        let setting = try await Setting()
        chown(setting.path, 12_345, 23_456)
        let kept = try #require(try await setting.restore().kept)
        for file in [setting.path, kept, kept + "-wal", setting.path + "-lock"] {
            var status = stat()
            #expect(lstat(file, &status) == 0 && status.st_uid == 12_345 && status.st_gid == 23_456, "\(file)")
        }
    }

    @Test("with the journal of a program that died is restored over, and opened, and migrated")
    func journal() async throws {
        for task in ["open", "restore", "migrate"] {
            let setting = try await Setting()
            try Self.leaveJournal(setting.path)
            let old = setting.bytes(setting.path)
            #expect(await storeError { _ = try await Self.count(setting.path, .readOnly) }?.code == .readOnly)
            let hint = await storeError { _ = try await ArtifactStore.verifySchema(at: setting.path) }?.hint
            #expect(hint?.contains("artifacts migrate up") == true)
            #expect(setting.bytes(setting.path) == old, "reading changes nothing")
            switch task {
            case "open": #expect(try await Self.count(setting.path, .readWrite) == 2)
            case "restore":
                let kept = try #require(try await setting.restore().kept)
                #expect(try StoreContents(at: kept).rows["artifact"]?.rowCount == 2)
                #expect(try await Self.count(setting.path, .readOnly) == 1)
            default:
                _ = try await ArtifactStore.migrate(at: setting.path)
                #expect(try await Self.count(setting.path, .readOnly) == 2)
            }
        }
    }

    private static func count(_ path: String, _ access: StoreOptions.Access) async throws -> Int {
        var options = StoreOptions()
        options.access = access
        let store = try await ArtifactStore.open(at: path, options: options)
        let total = try await store.statistics().counts.total
        try await store.close()
        return total
    }

    /// The disk as a program leaves it that is killed after it has written half of a transaction in rollback mode.
    private static func leaveJournal(_ path: String) throws {
        let copy = path + ".copy"
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA cache_spill = 1; PRAGMA cache_size = 1; BEGIN")
            try db.execute(sql: "CREATE TABLE half AS SELECT * FROM schemaMigration, sqlite_schema AS a, sqlite_schema")
            for suffix in ["", "-journal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
            }
            try db.execute(sql: "ROLLBACK")
        }
        try queue.close()
        for suffix in ["", "-journal"] { rename(copy + suffix, path + suffix) }
    }
}
