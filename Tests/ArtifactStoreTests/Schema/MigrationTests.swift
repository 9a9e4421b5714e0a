import ArtifactSchema
import ArtifactStoreTesting
import Foundation
import GRDB
import Synchronization
import Testing

@testable import ArtifactStore

@Suite("Migrating")
struct MigrationTests {
    private static let files: [(version: Int, name: String, sql: [UInt8])] =
        Schema.migrations.map { ($0.version, $0.name, $0.sql) }
    private static let newest = files.count
    private static let next: [(version: Int, name: String, sql: [UInt8])] =
        files + [
            (
                newest + 1, "0004_ratings.sql",
                Array("CREATE TABLE rating (stars INTEGER) STRICT;\nINSERT INTO rating VALUES (5);".utf8)
            ),
            (newest + 2, "0005_index.sql", Array("CREATE INDEX ratingByStars ON rating (stars);".utf8)),
        ]

    private func open(
        _ folder: TemporaryFolder, _ files: [(version: Int, name: String, sql: [UInt8])],
        _ configure: (inout StoreOptions) -> Void = { _ in }
    ) throws -> StoreDatabase {
        var options = StoreOptions()
        configure(&options)
        return try StoreDatabase.open(
            folder.path(of: "a.sqlite"), options, history: MigrationHistory(files))
    }

    private func contents(_ folder: TemporaryFolder) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !name.hasSuffix("-shm") {
            contents[name] = FileManager.default.contents(atPath: folder.path(of: name))
        }
        return contents
    }

    @Test("A new store has every version in its ledger, with hash and program version")
    func ledger() async throws {
        let temporary = try await TemporaryStore.open()
        let rows = try temporary.shell().read { db in try Row.fetchAll(db, sql: "SELECT * FROM schemaMigration") }
        #expect(rows.count == Schema.migrations.count)
        #expect(rows.map { $0["chainHash"] as String } == MigrationHistory.embedded.steps.map(\.chainHash))
        #expect(rows.allSatisfy { $0["applicationVersion"] == "0.1.0" })
        let ids = try await temporary.shell().read { db in
            (try Int64.fetchOne(db, sql: "PRAGMA application_id"), try Int.fetchOne(db, sql: "PRAGMA user_version"))
        }
        #expect(ids == (StoreFile.applicationId, Schema.migrations.count))
    }

    @Test("An older store is brought to the newest version in one step")
    func upgrade() async throws {
        let folder = try TemporaryFolder()
        try await open(folder, Self.files).close()
        let database = try open(folder, Self.next)
        #expect(database.migration.fromVersion == Self.newest && database.migration.toVersion == Self.newest + 2)
        let stars = try await database.read { db in try Int.fetchOne(db, sql: "SELECT stars FROM rating") }
        #expect(stars == 5)
        try await database.close()
        #expect(try open(folder, Self.next).migration.steps.isEmpty)
    }

    @Test("Interrupted after any statement, the store has the old version, whole")
    func interrupted() async throws {
        struct Stop: Error {}
        let statements = 4
        for stop in 1..<statements {
            let folder = try TemporaryFolder()
            try await open(folder, Self.files).close()
            let count = Mutex(0)
            let queue = try DatabaseQueue(path: folder.path(of: "a.sqlite"))
            let migrator = Migrator(
                history: MigrationHistory(Self.next), now: Timestamp.systemNow,
                afterStatement: {
                    let isLast = count.withLock { count in
                        count += 1
                        return count == stop
                    }
                    if isLast { throw Stop() }
                })
            #expect(throws: Stop.self) { try migrator.migrate(queue) }
            try queue.close()
            #expect(try StoreFile.ledger(at: StorePath(folder.path(of: "a.sqlite"))).count == Self.newest)
            let database = try open(folder, Self.files)
            let tables = try await database.read { db in try db.tableExists("rating") }
            #expect(!tables)
            try await database.close()
        }
    }

    @Test("A newer store is refused, says which side to upgrade, and is not touched")
    func newer() async throws {
        let folder = try TemporaryFolder()
        try await open(folder, Self.next).close()
        let before = try contents(folder)
        for access in [StoreOptions.Access.readOnly, .readWrite, .createIfMissing] {
            let error = await storeError { _ = try open(folder, Self.files) { $0.access = access } }
            #expect(error?.code == .storeTooNew)
            #expect(error?.message.contains("0004_ratings.sql") == true)
            #expect(error?.hint.contains("Upgrade this program") == true)
        }
        #expect(try contents(folder) == before)
    }

    /// A history that is not the one the store was made with, and what the refusal must say of it.
    private static var tampered: [(what: String, files: [(version: Int, name: String, sql: [UInt8])])] {
        var edited = next
        edited[newest].sql += Array(" -- a comment".utf8)
        var renamed = next
        renamed[newest].name = "0004_stars.sql"
        var firstEdited = next
        firstEdited[0].sql += Array("\n-- a comment".utf8)
        let other = (version: newest + 1, name: "0004_other.sql", sql: Array("CREATE TABLE other (a);".utf8))
        let inserted = files + [other] + next[newest...].map { ($0.version + 1, $0.name, $0.sql) }
        let removed = files + [(newest + 1, next[newest + 1].name, next[newest + 1].sql)]
        let reordered =
            files + [
                (newest + 1, next[newest + 1].name, next[newest + 1].sql),
                (newest + 2, next[newest].name, next[newest].sql),
            ]
        let replaced = files + [other, (newest + 2, "0005_another.sql", other.sql)]
        return [
            ("0004_ratings.sql was edited", edited),
            ("0001_artifacts.sql was edited", firstEdited),
            ("0004_ratings.sql was renamed to 0004_stars.sql", renamed),
            ("0004_other.sql was inserted", inserted),
            ("0004_ratings.sql was removed", removed),
            ("0005_index.sql was reordered", reordered),
            ("0004_ratings.sql was removed, and 0004_other.sql inserted", replaced),
        ]
    }

    @Test("A refusal names the file and what happened to it: edited, renamed, inserted, removed, reordered")
    func tampered() async throws {
        let folder = try TemporaryFolder()
        try await open(folder, Self.next).close()
        let before = try contents(folder)
        for (what, files) in Self.tampered {
            for access in [StoreOptions.Access.readOnly, .readWrite, .createIfMissing] {
                let error = await storeError { _ = try open(folder, files) { $0.access = access } }
                #expect(error?.code == .schemaMismatch, "\(what)")
                #expect(error?.message.contains(what) == true, "\(error?.message ?? "opened")")
                #expect(error?.hint.contains("nothing was touched") == true)
            }
        }
        #expect(try contents(folder) == before)
    }

    @Test("Line ends, a byte-order mark and a final newline do not change the hash; anything else does")
    func canonicalText() {
        func hash(_ sql: String) -> String { MigrationHistory([(1, "0001.sql", Array(sql.utf8))]).steps[0].chainHash }
        let base = hash("CREATE TABLE a (b);\n\n-- c\n")
        #expect(hash("CREATE TABLE a (b);\r\n\r\n-- c\r\n") == base)
        #expect(hash("\u{FEFF}CREATE TABLE a (b);\n\n-- c") == base)
        #expect(hash("CREATE TABLE a (b);\n\n-- c\n\n\n") == base)
        #expect(hash("CREATE TABLE a  (b);\n\n-- c\n") != base)
        #expect(hash("CREATE TABLE a (b);\n-- c\n") != base)
    }

    @Test(
        "A migration that commits by itself is refused and leaves the old version", arguments: ["COMMIT", "ROLLBACK"])
    func embeddedCommit(statement: String) async throws {
        let folder = try TemporaryFolder()
        try await open(folder, Self.files).close()
        let files = Self.files + [(Self.newest + 1, "0004_bad.sql", Array("\(statement); CREATE TABLE a (b);".utf8))]
        let error = await storeError { _ = try open(folder, files) }
        #expect(error?.code == .schemaMismatch)
        #expect(error?.message == "0004_bad.sql ends its transaction", "\(error?.message ?? "migrated")")
        let database = try open(folder, Self.files)
        #expect(try await !database.read { db in try db.tableExists("a") })
        try await database.close()
    }

    @Test("A store that something else altered is not migrated")
    func alteredSchema() async throws {
        let folder = try TemporaryFolder()
        try await open(folder, Self.files).close()
        let shell = try DatabaseQueue(path: folder.path(of: "a.sqlite"))
        try await shell.write { db in try db.execute(sql: "DROP INDEX artifactByProvider") }
        try shell.close()
        let error = await storeError { _ = try open(folder, Self.next) }
        #expect(error?.code == .schemaMismatch)
        #expect(error?.message.contains("artifactByProvider") == true)
        #expect(try StoreFile.ledger(at: StorePath(folder.path(of: "a.sqlite"))).count == Self.newest)
    }

    @Test(
        "Without permission to migrate, an older store is refused",
        arguments: [StoreOptions.Access.readOnly, .readWrite])
    func noPermission(access: StoreOptions.Access) async throws {
        let folder = try TemporaryFolder()
        try await open(folder, Self.files).close()
        let error = await storeError {
            _ = try open(folder, Self.next) {
                $0.access = access
                $0.migratesSchema = false
            }
        }
        #expect(error?.code == .schemaMismatch)
        #expect(error?.hint.contains("artifacts migrate up") == true)
    }
}
