import ArtifactSchema
import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

/// What runners do that are written without care, on the same migrations and stores: each of these loses something, and
/// this package's runner, given the same, does not.
@Suite("Negative controls: plain runners")
struct PlainRunnerTests {
    private struct PowerCut: Error {}

    private static let newest = MigrationHistory.embedded.newestVersion

    private func queue(_ version: Int, in folder: TemporaryFolder) throws -> DatabaseQueue {
        let path = folder.path(of: "a.sqlite")
        try Data(SmallStore.fixture(version)).write(to: URL(fileURLWithPath: path))
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private func rows(_ db: Database, _ table: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? -1
    }

    private static func sql(_ version: Int) -> String {
        String(decoding: Schema.migrations[version - 1].sql, as: UTF8.self)
    }

    @Test("A rebuild that switches foreign keys off inside its transaction empties the child tables, without an error")
    func cascade() async throws {
        let folder = try TemporaryFolder()
        let queue = try queue(2, in: folder)
        let (before, after, broken) = try await queue.writeWithoutTransaction { db in
            let before = (try rows(db, "promptPart"), try rows(db, "signedUrl"))
            try db.execute(sql: "BEGIN IMMEDIATE; PRAGMA foreign_keys = OFF")
            // The rule that parts are not deleted would stop the cascade; plain schemas have none.
            let rule = try String.fetchOne(
                db, sql: "SELECT sql FROM sqlite_schema WHERE name = 'promptPartIsNotDeleted'")
            try db.execute(sql: "DROP TRIGGER promptPartIsNotDeleted")
            try db.execute(sql: Self.sql(3))
            try db.execute(sql: #require(rule))
            let broken = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count
            try db.execute(sql: "COMMIT")
            return (before, (try rows(db, "promptPart"), try rows(db, "signedUrl")), broken)
        }
        try queue.close()
        #expect(before.0 > 1000 && before.1 > 50)
        #expect(after == (0, 0) && broken == 0, "no child row is left, and SQLite finds nothing wrong")

        let ours = try TemporaryFolder()
        try Data(SmallStore.fixture(2)).write(to: URL(fileURLWithPath: ours.path(of: "a.sqlite")))
        let report = try await ArtifactStore.migrate(at: ours.path(of: "a.sqlite"))
        #expect(report.tables.first { $0.name == "promptPart" }?.rowsAfter == Int64(before.0))
        #expect(report.tables.first { $0.name == "signedUrl" }?.rowsAfter == Int64(before.1))
    }

    @Test("A COMMIT inside a migration leaves half of it behind when its end fails")
    func embeddedCommit() async throws {
        let bad = "CREATE TABLE rating (stars INTEGER) STRICT; COMMIT; BEGIN; SELECT no_such_function();"
        let folder = try TemporaryFolder()
        let queue = try queue(Self.newest, in: folder)
        let (isThere, versions) = try await queue.writeWithoutTransaction { db in
            #expect(throws: DatabaseError.self) {
                try db.inTransaction {
                    try db.execute(sql: bad)
                    return .commit
                }
            }
            return (try db.tableExists("rating"), try rows(db, "schemaMigration"))
        }
        #expect(isThere && versions == Self.newest, "the table is there, and no version that has it")
        try queue.close()

        let ours = try TemporaryFolder()
        let path = ours.path(of: "a.sqlite")
        try Data(SmallStore.fixture(Self.newest)).write(to: URL(fileURLWithPath: path))
        let history = MigrationHistory(
            Schema.migrations.map { ($0.version, $0.name, $0.sql) } + [
                (Self.newest + 1, "0009_bad.sql", Array(bad.utf8))
            ])
        let before = try StoreContents(at: path)
        let error = await storeError { _ = try StoreDatabase.open(path, StoreOptions(), history: history) }
        #expect(error?.message == "0009_bad.sql ends its transaction")
        #expect(try StoreContents(at: path) == before)
    }

    private static func stampLater(_ db: Database, crashing: Bool) throws {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        for next in (version + 1)...newest {
            try db.execute(sql: "BEGIN IMMEDIATE; \(sql(next)); COMMIT")
            if crashing { throw PowerCut() }
            try db.execute(sql: "PRAGMA user_version = \(next)")
        }
    }

    @Test("A version that is stamped in a second transaction is applied twice after a crash between the two")
    func secondTransaction() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "plain.sqlite")
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try await queue.writeWithoutTransaction { db in
            #expect(throws: PowerCut.self) { try Self.stampLater(db, crashing: true) }
            let error = #expect(throws: DatabaseError.self) { try Self.stampLater(db, crashing: false) }
            #expect(error?.message?.contains("already exists") == true)
        }
        try queue.close()
        // Where this package's runner may stop, in every place there is: CrashTests and FailingCallTests.
    }
}
