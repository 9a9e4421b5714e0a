import ArtifactSchema
import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

/// Migrations that would lose something, each of which SQLite runs without an error.
@Suite("Rows and values that a migration must keep")
struct MigrationVerificationTests {
    private static let newest = MigrationHistory.embedded.newestVersion

    /// This package's history with one step more.
    private func history(_ sql: String, _ verification: String = "") throws -> MigrationHistory {
        let files = Schema.migrations.map { ($0.version, $0.name, $0.sql) }
        var steps = MigrationHistory(files + [(Self.newest + 1, "0009_next.sql", Array(sql.utf8))]).steps
        steps[Self.newest].verification = try MigrationVerification(verification, file: "0009_next.sql")
        return MigrationHistory(steps: steps)
    }

    /// What migrating a small store with that step ends in.
    private func migrate(_ sql: String, _ verification: String = "") async throws -> (StoreError?, MigrationReport?) {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "a.sqlite")
        try Data(SmallStore.bytes(version: Self.newest)).write(to: URL(fileURLWithPath: path))
        let before = try StoreContents(at: path)
        let history = try history(sql, verification)
        var report: MigrationReport?
        let error = await storeError {
            let opened = try StoreDatabase.open(path, StoreOptions(), history: history)
            report = opened.migration
            try await opened.close()
        }
        if error != nil { #expect(try StoreContents(at: path) == before, "nothing was changed") }
        return (error, report)
    }

    private static let unguarded = "DROP TRIGGER promptPartIsNotDeleted; DROP TRIGGER eventIsNotDeleted;"

    @Test(
        "A change that is not declared is refused, with the table that lost something",
        arguments: [
            ("DELETE FROM signedUrl;", "signedUrl has 0 rows"),
            ("DELETE FROM signedUrl WHERE rowid = (SELECT max(rowid) FROM signedUrl);", "signedUrl has"),
            ("UPDATE signedUrl SET credentialId = 'other';", "signedUrl has other values"),
            ("UPDATE signedUrl SET expiresAt = expiresAt + 1 WHERE rowid = 1 OR 1;", "signedUrl has other values"),
            (
                "INSERT INTO signedUrl SELECT NULL, artifactId, method, disposition, signedAt, expiresAt, credentialId "
                    + "FROM signedUrl LIMIT 1;", "signedUrl has"
            ),
            ("\(unguarded) DELETE FROM promptPart;", "promptPart has 0 rows"),
            ("\(unguarded) DELETE FROM event WHERE sequence = (SELECT max(sequence) FROM event);", "event has"),
            ("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'event';", "event would give sequences behind 1 again"),
            ("DROP TABLE signedUrl;", "would remove signedUrl."),
            ("ALTER TABLE signedUrl DROP COLUMN disposition;", "would remove signedUrl.disposition"),
            ("ALTER TABLE signedUrl RENAME COLUMN method TO verb;", "would remove signedUrl.method"),
            ("ALTER TABLE signedUrl RENAME TO signedUrls;", "would remove signedUrl."),
        ])
    func undeclared(sql: String, reason: String) async throws {
        let (error, _) = try await migrate(sql)
        #expect(error?.code == .schemaMismatch)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "migrated")")
    }

    @Test("The same change passes when it is declared, with its reason")
    func declared() async throws {
        for (sql, change) in [
            ("DELETE FROM signedUrl;", "-- changes: signedUrl: what was signed is not kept"),
            ("UPDATE signedUrl SET credentialId = 'x';", "-- changes: signedUrl.credentialId: ids are made anew"),
            ("DROP TABLE signedUrl;", "-- changes: signedUrl: nothing writes it"),
        ] {
            let (error, report) = try await migrate(sql, change)
            #expect(error == nil, "\(error?.message ?? "")")
            #expect(report?.toVersion == Self.newest + 1)
        }
    }

    @Test("Declaring one column leaves the others guarded")
    func otherColumn() async throws {
        let (error, _) = try await migrate(
            "UPDATE signedUrl SET credentialId = 'x', signedAt = signedAt - 1;",
            "-- changes: signedUrl.credentialId: ids are made anew")
        #expect(error?.message.contains("signedUrl has other values") == true)
    }

    @Test("A query that must stay the same, and one that must find nothing, are asked")
    func queries() async throws {
        let change = "-- changes: signedUrl.credentialId: ids are made anew\n"
        let sql = "UPDATE signedUrl SET credentialId = 'x';"
        let same = "-- same: which credentials there are\nSELECT DISTINCT credentialId FROM signedUrl ORDER BY 1;"
        let (changed, _) = try await migrate(sql, change + same)
        #expect(changed?.message.contains("changes what must stay the same: which credentials there are") == true)
        let none = "-- none: a credential without a name\nSELECT 1 FROM signedUrl WHERE credentialId = 'x';"
        let (left, _) = try await migrate(sql, change + none)
        #expect(left?.message.contains("leaves a credential without a name") == true)
        let good = "-- none: a credential of nobody\nSELECT 1 FROM signedUrl WHERE credentialId = 'y';"
        #expect(try await migrate(sql, change + good).0 == nil)
    }

    @Test("A step that leaves a child without its parent is refused")
    func orphan() async throws {
        let (error, _) = try await migrate(
            "INSERT INTO signedUrl (artifactId, method, signedAt, expiresAt, credentialId) VALUES ('none', 'GET', 0, 1, 'c');",
            "-- changes: signedUrl: a row is added")
        #expect(error?.code == .database)
        #expect(
            error?.message.contains("rows of signedUrl without their parent in artifact") == true,
            "\(error?.message ?? "migrated")")
    }

    @Test(
        "A verification that cannot be read says which line",
        arguments: [
            ("SELECT 1;", "has SQL before its first rule"), ("-- changes: artifact", "gives no reason"),
            ("-- changes: artifact: 1", "gives no reason"),
        ])
    func unreadable(text: String, reason: String) {
        let error = #expect(throws: StoreError.self) { try MigrationVerification(text, file: "0009_next.sql") }
        #expect(error?.message.contains(reason) == true)
    }

    @Test("Every verification that the program carries can be read")
    func embedded() throws {
        let steps = try MigrationHistory.embedded.verified().steps
        #expect(steps[2].verification.queries.count == 3)
    }
}
