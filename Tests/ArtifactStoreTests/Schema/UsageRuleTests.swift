import ArtifactStoreTesting
import GRDB
import Testing

@testable import ArtifactStore

/// How the database itself keeps sums by day and computed costs. Every statement under test bypasses the library.
@Suite("Rules of usage sums and computed costs that the database itself holds")
struct UsageRuleTests {
    /// Artifacts by what is known of their cost: `reported`, `free` (completed, none), `failed`, `included` (in
    /// `carrier`), `orphan` (included in `later`, which is not there), `pending`.
    private func prepared() async throws -> (TemporaryStore, DatabaseQueue) {
        let temporary = try await TemporaryStore.open()
        let store = temporary.store
        for id in ["reported", "free", "carrier", "failed", "included", "orphan", "pending"] as [ArtifactID] {
            let claim = try await store.begin(Fixture.request, for: "run_1", artifactId: id).claim
            var usage: Usage? = Fixture.usage
            switch id {
            case "pending": continue
            case "failed":
                try await store.fail(claim, Fixture.failure)
                continue
            case "free": usage = nil
            case "included", "orphan":
                usage = Usage()
                usage?.includedInArtifactId = id == "included" ? "carrier" : "later"
            default: break
            }
            try await store.complete(
                claim, at: Fixture.reference("host/\(id)"), execution: Fixture.execution, usage: usage)
        }
        let shell = try temporary.shell()
        try await shell.write { try $0.execute(sql: Self.revision) }
        return (temporary, shell)
    }

    private static let revision = """
        INSERT INTO catalogueRevision (sha256, source, importedAt, adopted)
        VALUES ('\(String(repeating: "a", count: 64))', 'declared', 0, 0)
        """

    private static func compute(_ id: String, _ computation: Int = 1, micros: Int = 5, at time: Int = 9) -> String {
        """
        INSERT INTO computedCost SELECT sequence, \(computation), 1, \(micros), 'USD', \(time) FROM artifact
        WHERE artifactId = '\(id)'
        """
    }

    private static func delete(_ id: String) -> String {
        """
        INSERT INTO event (kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken)
        SELECT 'deleted', artifactId, parentRunId, claimExpiresAt, claimOwner, fencingToken FROM artifact
        WHERE artifactId = '\(id)'
        """
    }

    private static let finish = """
        artifact SET status = 'completed', completedAt = createdAt, provider = 'p', storageKind = 'k', bucket = 'b',
        objectKey = 'o', inputTokens = 3 WHERE artifactId = 'pending'
        """

    private static let begin = """
        INSERT INTO artifact (artifactId, parentRunId, requestFingerprint, createdAt, claimOwner, fencingToken,
            claimedAt, claimExpiresAt, prompt, requestedModel)
        SELECT 'later', 'r', requestFingerprint, 0, 'o', 1, 0, 1, 'p', 'm' FROM artifact WHERE artifactId = 'pending'
        """

    private static func expectRefused(_ db: Database, _ sql: String) {
        do {
            try db.execute(sql: sql)
            Issue.record("accepted: \(sql)")
        } catch {
            #expect((error as? DatabaseError)?.resultCode == .SQLITE_CONSTRAINT, "\(sql): \(error)")
        }
    }

    private static func sums(_ db: Database) throws -> Row? {
        try Row.fetchOne(
            db,
            sql: """
                SELECT sum(artifactCount), sum(includedCount), sum(costMicros), sum(inputTokens), sum(inputTokensKnown)
                FROM usageByDay
                """)
    }

    @Test("Sums follow what finishes, what is computed, and what is deleted, also where the shell says OR IGNORE")
    func follows() async throws {
        let (temporary, shell) = try await prepared()
        try await shell.writeWithoutTransaction { db in
            func expect(_ sums: [Int], after statement: String? = nil) throws {
                if let statement { try db.execute(sql: statement) }
                #expect(try Self.sums(db).map { Array($0.databaseValues) } == sums.map(\.databaseValue), "\(sums)")
                #expect(try !ArtifactRepository.usageSumsDiffer(db), "\(statement ?? "")")
            }
            let cost = 167_250
            try expect([6, 1, 2 * cost, 100, 2])
            for policy in ["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"] {
                try db.execute(sql: "SAVEPOINT here")
                try expect([7, 1, 2 * cost, 103, 3], after: "UPDATE OR \(policy) \(Self.finish)")
                try db.execute(sql: "ROLLBACK TO here; RELEASE here")
                try expect([6, 1, 2 * cost, 100, 2])
            }
            try expect([7, 1, 2 * cost, 103, 3], after: "UPDATE \(Self.finish)")
            try expect([7, 1, 2 * cost + 5, 103, 3], after: Self.compute("free"))
            try expect([7, 1, 2 * cost + 8, 103, 3], after: Self.compute("free", 2, micros: 8))
            // Nothing changes where a rule refuses without an error.
            let bad = Self.compute("failed", micros: -1).replacing("INSERT", with: "INSERT OR IGNORE")
            try expect([7, 1, 2 * cost + 8, 103, 3], after: bad)
            try expect(
                [7, 1, 2 * cost + 8, 103, 3],
                after: "INSERT OR IGNORE \(Self.begin.dropFirst(6))".replacing("0, 'o'", with: "-1, 'o'"))
            try expect([7, 2, 2 * cost + 8, 103, 3], after: Self.begin)
            try expect([7, 1, 2 * cost + 8, 103, 3], after: Self.delete("later"))
            try expect([6, 0, cost + 8, 53, 2], after: Self.delete("carrier"))
            try expect([5, 0, cost, 53, 2], after: Self.delete("free"))
            for id in ["reported", "failed", "included", "orphan", "pending"] { try db.execute(sql: Self.delete(id)) }
            try expect([0, 0, 0, 0, 0])
            #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM computedCost") == 0)
        }
        _ = temporary
    }

    @Test(
        "Negative control: sums that one trigger does not keep differ from the artifacts",
        arguments: ["artifactFinished", "artifactDeleted", "artifactCoversOthers", "computedCostAdded"])
    func control(trigger: String) async throws {
        let (temporary, shell) = try await prepared()
        try await shell.write { db in
            let sql = try String.fetchOne(db, sql: "SELECT sql FROM sqlite_schema WHERE name = ?", arguments: [trigger])
            let without = sql?.replacing(/INSERT INTO usageChange[^;]*;/, with: "SELECT 1;") ?? ""
            #expect(without != sql)
            try db.execute(sql: "DROP TRIGGER \(trigger); \(without)")
            #expect(try !ArtifactRepository.usageSumsDiffer(db))
            switch trigger {
            case "artifactFinished": try db.execute(sql: "UPDATE \(Self.finish)")
            case "artifactDeleted": try db.execute(sql: Self.delete("reported"))
            case "artifactCoversOthers": try db.execute(sql: Self.begin)
            default: try db.execute(sql: Self.compute("free"))
            }
            #expect(try ArtifactRepository.usageSumsDiffer(db))
        }
        _ = temporary
    }

    @Test(
        "A cost is computed where none was reported, in order, and stays; without its trigger each of these is accepted"
    )
    func computedCosts() async throws {
        let (temporary, shell) = try await prepared()
        try await shell.write { db in
            try db.execute(sql: Self.compute("free"))
            try db.execute(sql: Self.compute("free", 2))
            let refused = [
                ("computedCostFollowsItsArtifact", Self.compute("reported")),
                ("computedCostFollowsItsArtifact", Self.compute("pending")),
                ("computedCostFollowsItsArtifact", Self.compute("included")),
                ("computedCostFollowsItsArtifact", Self.compute("orphan")),
                ("computedCostFollowsItsArtifact", Self.compute("failed", 2)),
                ("computedCostFollowsItsArtifact", Self.compute("free", 4)),
                (
                    "computedCostFollowsItsArtifact",
                    Self.compute("free", 2).replacing("INSERT", with: "INSERT OR REPLACE")
                ),
                ("computedCostIsFixed", "UPDATE computedCost SET costMicros = 6"),
                ("computedCostIsFixed", "UPDATE OR REPLACE computedCost SET computation = 3 WHERE computation = 2"),
                ("computedCostIsNotDeleted", "DELETE FROM computedCost"),
            ]
            for (trigger, sql) in refused {
                Self.expectRefused(db, sql)
                try db.inSavepoint {
                    try db.execute(sql: "DROP TRIGGER \(trigger)")
                    #expect(throws: Never.self, "\(trigger): \(sql)") { try db.execute(sql: sql) }
                    return .rollback
                }
            }
            let free = "(SELECT sequence FROM artifact WHERE artifactId = 'free')"
            for values in [
                "3, 2, 5, 'USD', 9", "3, NULL, 5, 'USD', 9", "3, 1, -1, 'USD', 9", "3, 1, 1000000000001, 'USD', 9",
                "3, 1, 5, 'usd', 9", "3, 1, 5, 'US', 9", "3, 1, 5, NULL, 9", "3, 1, 5, 'USD', -1",
                "3, 1, 5.5, 'USD', 9",
            ] {
                Self.expectRefused(db, "INSERT INTO computedCost VALUES (\(free), \(values))")
            }
        }
        _ = temporary
    }

    @Test("A second computation leaves its event, the first leaves none, and nobody can make one up")
    func recomputed() async throws {
        let (temporary, shell) = try await prepared()
        try await shell.write { db in
            func events() throws -> [Int] {
                try Int.fetchAll(
                    db,
                    sql: """
                        SELECT occurredAt FROM event WHERE kind = 'cost_recomputed' AND artifactId = 'free'
                        ORDER BY sequence
                        """)
            }
            try db.execute(sql: Self.compute("free"))
            #expect(try events() == [])
            try db.execute(sql: Self.compute("free", 2, at: 20))
            try db.execute(sql: Self.compute("free", 3, at: 30))
            #expect(try events() == [20, 30])
            let forged = Self.delete("free").replacing("'deleted'", with: "'cost_recomputed'")
            Self.expectRefused(db, forged.replacing("claimExpiresAt", with: "25"))
            Self.expectRefused(db, forged.replacing("claimExpiresAt", with: "9"))
            Self.expectRefused(
                db, forged.replacing("claimExpiresAt", with: "9").replacing("'free'", with: "'reported'"))
            try db.execute(sql: "DROP TRIGGER costRecomputed")
            try db.execute(sql: Self.compute("free", 4, at: 40))
            #expect(try events() == [20, 30], "the trigger makes the event")
        }
        _ = temporary
    }
}
