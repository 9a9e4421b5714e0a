@testable import ArtifactStore
import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

/// What a raw shell cannot do to the file. Every statement here bypasses the library.
@Suite("Rules that the database itself holds")
struct SchemaRuleTests {
    /// A store with one artifact of each status, and a shell.
    private func prepared() async throws -> (TemporaryStore, DatabaseQueue) {
        let temporary = try await TemporaryStore.open()
        for (index, status) in ArtifactStatus.allCases.enumerated() {
            let claim = try await temporary.store.begin(
                Fixture.request, for: "run_1", idempotencyKey: status.rawValue, context: Fixture.context,
                artifactId: ArtifactID(status.rawValue)
            ).claim
            switch index {
            case 1: try await temporary.complete(claim)
            case 2: try await temporary.store.fail(claim, Fixture.failure)
            default: break
            }
        }
        return (temporary, try temporary.shell())
    }

    private func expectRefused(_ shell: DatabaseQueue, _ sql: String, _ arguments: StatementArguments = []) async {
        do {
            try await shell.write { db in try db.execute(sql: sql, arguments: arguments) }
            Issue.record("accepted: \(sql)")
        } catch let error as DatabaseError {
            // A row id that is no number is a mismatch of types before any constraint is asked.
            #expect([.SQLITE_CONSTRAINT, .SQLITE_MISMATCH].contains(error.resultCode), "\(sql): \(error)")
        } catch {
            Issue.record("\(sql): \(error)")
        }
    }

    private func dump(_ shell: DatabaseQueue) throws -> [Row] {
        try shell.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM artifact ORDER BY sequence")
                + Row.fetchAll(db, sql: "SELECT * FROM event ORDER BY sequence")
                + Row.fetchAll(db, sql: "SELECT * FROM promptPart")
        }
    }

    @Test("A terminal artifact never changes, in any column, by any statement")
    func terminalIsFinal() async throws {
        let (temporary, shell) = try await prepared()
        let before = try dump(shell)
        let columns = try await shell.read { db in try db.columns(in: "artifact").map(\.name) }
        #expect(columns.count > 50)
        for id in ["completed", "failed"] {
            for column in columns {
                for value in ["NULL", "'x'", "1", column] {
                    await expectRefused(shell, "UPDATE artifact SET \(column) = \(value) WHERE artifactId = '\(id)'")
                    await expectRefused(
                        shell, "UPDATE OR REPLACE artifact SET \(column) = \(value) WHERE artifactId = '\(id)'")
                }
            }
            await expectRefused(shell, "DELETE FROM artifact WHERE artifactId = '\(id)'")
        }
        #expect(try dump(shell) == before)
        _ = temporary
    }

    @Test("An artifact is never replaced, neither by inserting nor by updating into its place")
    func replacing() async throws {
        let (temporary, shell) = try await prepared()
        let before = try dump(shell)
        let copy = """
            (sequence, artifactId, parentRunId, idempotencyKey, requestFingerprint, createdAt, claimOwner, fencingToken,
            claimedAt, claimExpiresAt, prompt, requestedModel)
            SELECT %, requestFingerprint, 0, 'o', 1, 0, 1, 'p', 'm' FROM artifact WHERE artifactId = 'completed'
            """
        for values in [
            "NULL, artifactId, 'r', NULL", "sequence, 'new', 'r', NULL", "NULL, 'new', parentRunId, idempotencyKey",
        ] {
            let insert = copy.replacingOccurrences(of: "%", with: values)
            await expectRefused(shell, "INSERT OR REPLACE INTO artifact \(insert)")
            await expectRefused(shell, "REPLACE INTO artifact \(insert)")
        }
        await expectRefused(
            shell,
            """
            UPDATE OR REPLACE artifact SET status = 'completed', completedAt = createdAt, provider = 'p',
            (storageKind, bucket, objectKey) =
                (SELECT storageKind, bucket, objectKey FROM artifact WHERE artifactId = 'completed')
            WHERE artifactId = 'pending'
            """)
        for (table, columns) in [("event", "*"), ("promptPart", "*")] {
            await expectRefused(shell, "REPLACE INTO \(table) SELECT \(columns) FROM \(table)")
            await expectRefused(shell, "DELETE FROM \(table)")
        }
        await expectRefused(shell, "UPDATE event SET kind = 'created'")
        await expectRefused(shell, "UPDATE promptPart SET role = 'x'")
        #expect(try dump(shell) == before)
        _ = temporary
    }

    @Test("A pending artifact can only become completed or failed, with everything that takes")
    func completeness() async throws {
        let (temporary, shell) = try await prepared()
        let completed = [
            "completedAt": "createdAt", "storageKind": "'k'", "bucket": "'b'", "objectKey": "'o'", "provider": "'p'",
        ]
        let failed = [
            "completedAt": "createdAt", "failureType": "'generation_failed'", "failureMessage": "'m'",
            "failureRecoveryGuidance": "'g'", "failureRetryable": "1", "failureAction": "'retry_later'",
        ]
        @Sendable func update(_ status: String, _ values: [String: String]) -> String {
            let assignments = values.sorted { $0.key < $1.key }.map { ", \($0.key) = \($0.value)" }.joined()
            return "UPDATE artifact SET status = '\(status)'\(assignments) WHERE artifactId = 'pending'"
        }
        for (status, values, foreign) in [("completed", completed, failed), ("failed", failed, completed)] {
            for missing in values.keys {
                await expectRefused(shell, update(status, values.filter { $0.key != missing }))
            }
            for (column, value) in foreign where values[column] == nil && column != "provider" {
                await expectRefused(shell, update(status, values.merging([column: value]) { first, _ in first }))
            }
            await expectRefused(shell, update(status, values.merging(["completedAt": "createdAt - 1"]) { $1 }))
            for (column, value) in values {
                await expectRefused(shell, "UPDATE artifact SET \(column) = \(value) WHERE artifactId = 'pending'")
            }
        }
        await expectRefused(shell, update("done", completed))
        await expectRefused(shell, update("completed", completed.merging(["imageGenerationMode": "'none'"]) { $1 }))
        await expectRefused(shell, update("completed", completed.merging(["costMicros": "1"]) { $1 }))
        await expectRefused(shell, update("completed", completed.merging(["hostedToolOutputType": "'x'"]) { $1 }))
        try await shell.write { db in try db.execute(sql: update("completed", completed)) }
        _ = temporary
    }

    @Test("What was asked never changes, and a fencing token only grows by one")
    func pendingRequest() async throws {
        let (temporary, shell) = try await prepared()
        for column in [
            "artifactId", "parentRunId", "idempotencyKey", "requestFingerprint", "createdAt", "prompt",
            "requestedModel", "size", "seed", "extraParameters", "skillVersion", "sequence", "rowid",
        ] {
            await expectRefused(shell, "UPDATE artifact SET \(column) = 99 WHERE artifactId = 'pending'")
        }
        for token in ["fencingToken - 1", "fencingToken + 2", "0", "NULL"] {
            await expectRefused(shell, "UPDATE artifact SET fencingToken = \(token) WHERE artifactId = 'pending'")
        }
        await expectRefused(
            shell,
            "INSERT INTO artifact (artifactId, status, completedAt, parentRunId, requestFingerprint, createdAt,"
                + " claimOwner, fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel, storageKind, bucket,"
                + " objectKey, provider) SELECT 'x', 'completed', 1, 'r', requestFingerprint, 0, 'o', 1, 0, 1, 'p', 'm',"
                + " 'k', 'b', 'o', 'p' FROM artifact LIMIT 1")
        _ = temporary
    }

    @Test("A claim changes hands only by a take-over, and never gets shorter")
    func claims() async throws {
        let (temporary, shell) = try await prepared()
        for assignment in ["claimOwner = 'thief'", "claimedAt = claimedAt + 1", "claimExpiresAt = claimExpiresAt - 1"] {
            await expectRefused(shell, "UPDATE artifact SET \(assignment) WHERE artifactId = 'pending'")
        }
        _ = temporary
    }

    @Test("An event that never happened cannot be written")
    func forgedEvents() async throws {
        let (temporary, shell) = try await prepared()
        let columns = "kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken"
        let row = "parentRunId, createdAt, claimOwner, fencingToken FROM artifact WHERE artifactId = 'pending'"
        for values in ["'completed', artifactId", "'created', 'nowhere'"] {
            await expectRefused(shell, "INSERT INTO event (\(columns)) SELECT \(values), \(row)")
        }
        await expectRefused(
            shell,
            "INSERT INTO event (\(columns)) SELECT 'taken_over', artifactId, parentRunId, createdAt, 'x', 7"
                + " FROM artifact WHERE artifactId = 'pending'")
        _ = temporary
    }

    @Test("A prompt part needs its artifact, also where foreign keys are off")
    func orphanParts() async throws {
        let (temporary, shell) = try await prepared()
        try await shell.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA foreign_keys = OFF") }
        await expectRefused(
            shell, "INSERT INTO promptPart (artifactSequence, position, role, text) VALUES (99, 0, 'r', 't')")
        _ = temporary
    }

    @Test("The hours that lists by time rely on only grow, whatever order sequences come in")
    func hours() async throws {
        let (temporary, shell) = try await prepared()
        await expectRefused(shell, "DELETE FROM artifactHour")
        await expectRefused(shell, "UPDATE artifactHour SET lastSequence = 0")
        await expectRefused(shell, "UPDATE artifactHour SET firstSequence = 99")
        try await shell.write { db in
            for sequence in [900, 500] {
                try db.execute(
                    sql: """
                        INSERT INTO artifact (sequence, artifactId, parentRunId, requestFingerprint, createdAt,
                            claimOwner, fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel)
                        SELECT \(sequence), 'x\(sequence)', parentRunId, requestFingerprint, createdAt, claimOwner, 1,
                            claimedAt, claimExpiresAt, prompt, requestedModel FROM artifact WHERE artifactId = 'pending'
                        """)
            }
        }
        let page = try await temporary.store.page(where: ArtifactFilter(since: temporary.clock.now))
        #expect(page.artifacts.map(\.sequence) == [900, 500, 3, 2, 1])
    }

    @Test("Every transition appends its event, also for a raw shell")
    func events() async throws {
        let (temporary, shell) = try await prepared()
        try await shell.write { db in
            try db.execute(
                sql: "UPDATE artifact SET fencingToken = 2, claimedAt = claimedAt + 5 WHERE artifactId = 'pending'")
            try db.execute(
                sql: """
                    UPDATE artifact SET status = 'completed', completedAt = createdAt + 9, storageKind = 'k',
                    bucket = 'b', objectKey = 'o', provider = 'p' WHERE artifactId = 'pending'
                    """)
        }
        let events = try await temporary.store.events(of: "pending")
        #expect(events.map(\.kind) == [.created, .takenOver, .completed])
        #expect(events.map(\.occurredAt.milliseconds).map { $0 - temporary.clock.now.milliseconds } == [0, 5, 9])
    }

    /// Every column that holds text, with how to put one value there.
    private static let textColumns: [(table: String, column: String)] = {
        let artifact = [
            "artifactId", "parentRunId", "idempotencyKey", "claimOwner", "prompt", "requestedModel", "size", "quality",
            "background", "outputFormat", "extraParameters", "skillVersion", "promptVersion", "templateVersion",
            "storageKind", "bucket", "objectKey", "contentType", "provider", "underlyingImageModel",
            "hostedToolOutputType", "providerRequestId", "revisedPrompt", "providerUsage", "includedInArtifactId",
            "failureMessage", "failureRecoveryGuidance", "failureProviderCode",
        ]
        let part = ["role", "source", "version", "text"]
        return artifact.map { ("artifact", $0) } + part.map { ("promptPart", $0) }
    }()

    @Test("No text column takes NUL, a signed query string, nothing at all, or more than its limit")
    func texts() async throws {
        let (temporary, shell) = try await prepared()
        let listed = Set(Self.textColumns.filter { $0.table == "artifact" }.map(\.column))
        let closed: Set = [
            "artifactType", "parentRunType", "requestFingerprint", "status", "sha256", "imageGenerationMode",
            "costCurrency", "failureType", "failureAction", "imageGenerationSupport",
        ]
        let actual = try await shell.read { db in
            try db.columns(in: "artifact").filter { $0.type == "TEXT" }.map(\.name)
        }
        #expect(Set(actual) == listed.union(closed), "a new text column must be tested here")
        // Only the CHECKs are left to refuse: no trigger, and no constraint over several columns, comes first.
        let triggers = try await shell.read { db in
            try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        }
        try await shell.write { db in for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger)") } }
        for (table, column) in Self.textColumns {
            let isFailure = column.hasPrefix("failure")
            let isStorage = ["storageKind", "bucket", "objectKey", "contentType"].contains(column)
            let row =
                table == "promptPart"
                ? "artifactSequence = 1 AND position = 0"
                : isFailure
                    ? "artifactId = 'failed'" : isStorage ? "artifactId = 'completed'" : "artifactId = 'completed'"
            let object = column == "extraParameters" || column == "providerUsage"
            func value(_ text: String) -> String { object ? "{\"a\":\"\(text)\"}" : text }
            for bad in [
                value("a\0b"), value("https://b.s3.amazonaws.com/k?X-Amz-Signature=abc"),
                value("x-amz-signature=1"), value("X-Goog-Signature=1"), value("?se=2026&sig=abc"), "",
                String(repeating: "é", count: 140_000),
            ] {
                await expectRefused(
                    shell, "UPDATE \(table) SET \(column) = CAST(? AS TEXT) WHERE \(row)", [Data(bad.utf8)])
            }
            await expectRefused(shell, "UPDATE \(table) SET \(column) = x'6162' WHERE \(row)")
        }
        _ = temporary
    }

    @Test(
        "Object keys that lead elsewhere are refused",
        arguments: [
            "/a", "a//b", "../a", "a/../b", "a/..", "./a", "a/.", "a\\b", "a/",
        ])
    func objectKeys(key: String) async throws {
        let (temporary, shell) = try await prepared()
        try await shell.write { db in try db.execute(sql: "DROP TRIGGER artifactTerminalIsFinal") }
        await expectRefused(shell, "UPDATE artifact SET objectKey = ? WHERE artifactId = 'completed'", [key])
        _ = temporary
    }

    @Test("The ledger of migrations grows by one version, and nothing in it changes")
    func ledger() async throws {
        let shell = try await TemporaryStore.open().shell()
        let hash = String(repeating: "0", count: 64)
        let newest = MigrationHistory.embedded.newestVersion
        func line(_ version: Int) -> String {
            "INSERT INTO schemaMigration VALUES (\(version), '0009_next.sql', '\(hash)', 0, '9.9.9', 0)"
        }
        for statement in [
            "UPDATE schemaMigration SET chainHash = '\(hash)' WHERE version = 1", "DELETE FROM schemaMigration",
            "UPDATE schemaMigration SET appliedAt = 0", line(newest + 2), line(0), line(newest),
            line(newest).replacing("INSERT", with: "INSERT OR REPLACE"),
        ] {
            #expect(throws: DatabaseError.self, "\(statement)") { try shell.write { try $0.execute(sql: statement) } }
        }
        try await shell.write { [next = line(newest + 1)] in try $0.execute(sql: next) }
    }

    @Test("Dropping the table of signed URLs loses nothing")
    func signedUrlsAreDisposable() async throws {
        let (temporary, shell) = try await prepared()
        let before = try await temporary.store.runDetail("run_1").json
        try await shell.write { db in
            try db.execute(
                sql: """
                    INSERT INTO signedUrl (artifactId, method, signedAt, expiresAt, credentialId)
                    VALUES ('completed', 'GET', 1, 2, 'key-1')
                    """)
            try db.execute(sql: "DROP TABLE signedUrl")
        }
        #expect(try await temporary.store.runDetail("run_1").json == before)
        _ = try await temporary.claim()
    }
}
