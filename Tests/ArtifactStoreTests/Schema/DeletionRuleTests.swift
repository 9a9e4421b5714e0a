@testable import ArtifactStore
import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

/// What a raw shell can and cannot delete. Every statement here bypasses the library.
@Suite("Rules of deletion that the database itself holds")
struct DeletionRuleTests {
    private static let columns = "kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken"

    private func prepared() async throws -> (TemporaryStore, DatabaseQueue) {
        let temporary = try await TemporaryStore.open()
        for id in ["pending", "completed", "failed"] as [ArtifactID] {
            let claim = try await temporary.store.begin(
                Fixture.request, for: "run_1", idempotencyKey: id.text, context: Fixture.context, artifactId: id
            ).claim
            switch id {
            case "completed": try await temporary.complete(claim)
            case "failed": try await temporary.store.fail(claim, Fixture.failure)
            default: break
            }
        }
        return (temporary, try temporary.shell())
    }

    private func delete(_ id: String, occurredAt: String = "claimExpiresAt") -> String {
        """
        INSERT INTO event (\(Self.columns)) SELECT 'deleted', artifactId, parentRunId, \(occurredAt), claimOwner, \
        fencingToken FROM artifact WHERE artifactId = '\(id)'
        """
    }

    private func expectRefused(_ shell: DatabaseQueue, _ sql: String) {
        do {
            try shell.write { try $0.execute(sql: sql) }
            Issue.record("accepted: \(sql)")
        } catch {
            #expect((error as? DatabaseError)?.resultCode == .SQLITE_CONSTRAINT, "\(sql): \(error)")
        }
    }

    private func count(_ shell: DatabaseQueue, _ table: String) throws -> Int {
        try shell.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    @Test("A deleted event takes the artifact and its parts away and notes its object, also where foreign keys are off")
    func deletes() async throws {
        let (temporary, shell) = try await prepared()
        try await shell.writeWithoutTransaction { try $0.execute(sql: "PRAGMA foreign_keys = OFF") }
        for (number, id) in ["pending", "completed", "failed"].enumerated() {
            try await shell.write { [sql = delete(id)] in try $0.execute(sql: sql) }
            #expect(try count(shell, "artifact") == 2 - number)
            #expect(try count(shell, "promptPart") == 2 * (2 - number))
        }
        let note = "artifactId || ' ' || storageKind || ' ' || bucket || ' ' || objectKey || ' ' || byteCount"
        let notes = try await shell.read { try String.fetchAll($0, sql: "SELECT \(note) FROM objectRemoval") }
        #expect(notes == ["completed s3 renders host/completed 70"])
        #expect(try await temporary.store.events(of: "failed").map(\.kind) == [.created, .failed, .deleted])
    }

    @Test("Without its event nothing is deleted, and a live claim is never deleted")
    func refuses() async throws {
        let (temporary, shell) = try await prepared()
        expectRefused(shell, "DELETE FROM artifact WHERE artifactId = 'completed'")
        expectRefused(shell, "DELETE FROM promptPart")
        expectRefused(shell, delete("pending", occurredAt: "claimExpiresAt - 1"))
        expectRefused(shell, delete("completed").replacing("claimOwner, fencingToken F", with: "'x', fencingToken F"))
        expectRefused(shell, delete("failed").replacing("fencingToken FROM", with: "fencingToken + 1 FROM"))
        expectRefused(shell, delete("failed").replacing("parentRunId, claim", with: "'other', claim"))
        expectRefused(
            shell, "INSERT INTO event (\(Self.columns)) VALUES ('deleted', 'nowhere', 'run_1', 1, 'o', 1)")
        #expect(try count(shell, "artifact") == 3)
        #expect(try count(shell, "promptPart") == 6)
        _ = temporary
    }

    @Test("A deleted artifact's id and its object's place are never given again; its idempotency key is free")
    func reuse() async throws {
        let (temporary, shell) = try await prepared()
        try await shell.write { [sql = delete("completed")] in try $0.execute(sql: sql) }
        let copy = """
            INSERT INTO artifact (artifactId, parentRunId, idempotencyKey, requestFingerprint, createdAt, claimOwner,
                fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel)
            SELECT '%', 'run_1', 'completed', requestFingerprint, 0, 'o', 1, 0, 1, 'p', 'm'
            FROM artifact WHERE artifactId = 'pending'
            """
        expectRefused(shell, copy.replacing("%", with: "completed"))
        expectRefused(shell, copy.replacing("%", with: "completed").replacing("INSERT", with: "INSERT OR REPLACE"))
        try await shell.write { try $0.execute(sql: copy.replacing("%", with: "another")) }
        let finish = """
            UPDATE artifact SET status = 'completed', completedAt = createdAt, provider = 'p', storageKind = 's3',
            bucket = 'renders', objectKey = 'host/%' WHERE artifactId = 'another'
            """
        expectRefused(shell, finish.replacing("%", with: "completed"))
        try await shell.write { try $0.execute(sql: "UPDATE objectRemoval SET removedAt = 5") }
        expectRefused(shell, finish.replacing("%", with: "completed"))
        try await shell.write { try $0.execute(sql: finish.replacing("%", with: "another")) }
        _ = temporary
    }

    @Test("Nobody can note an object by hand, turn a note to another object, undo one or drop it")
    func notes() async throws {
        let (temporary, shell) = try await prepared()
        let columns = "(artifactId, storageKind, bucket, objectKey, notedAt)"
        for values in ["'completed', 's3', 'renders', 'host/completed', 1", "'failed', 's3', 'renders', 'x', 1"] {
            expectRefused(shell, "INSERT INTO objectRemoval \(columns) VALUES (\(values))")
        }
        try await shell.write { [sql = delete("completed")] in try $0.execute(sql: sql) }
        for assignment in [
            "objectKey = 'x'", "bucket = 'x'", "storageKind = 'x'", "artifactId = 'failed'", "byteCount = NULL",
            "byteCount = 71", "notedAt = 0", "sequence = 9", "attempts = -1", "lastFailure = 'a' || char(0)",
            "lastFailure = '?X-Amz-Signature=1'", "lastFailure = ''", "removedAt = -1", "heldUntil = -1",
        ] {
            expectRefused(shell, "UPDATE OR REPLACE objectRemoval SET \(assignment)")
        }
        expectRefused(shell, "DELETE FROM objectRemoval")
        expectRefused(shell, "REPLACE INTO objectRemoval SELECT * FROM objectRemoval")
        try await shell.write { try $0.execute(sql: "UPDATE objectRemoval SET attempts = 1, removedAt = 5") }
        for assignment in ["removedAt = NULL", "removedAt = 6", "attempts = 2", "attempts = 0"] {
            expectRefused(shell, "UPDATE objectRemoval SET \(assignment)")
        }
        _ = temporary
    }
}
