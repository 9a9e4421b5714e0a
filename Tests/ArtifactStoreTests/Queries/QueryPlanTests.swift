import ArtifactStoreTesting
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Query plans")
struct QueryPlanTests {
    /// Every statement with a fixed text that a public call runs. Lists have theirs in ``ListTests``.
    private static let statements = [
        ArtifactRepository.selectById, ArtifactRepository.selectByKey, ArtifactRepository.selectByReference,
        ArtifactRepository.selectRun, ArtifactRepository.selectExists, ArtifactRepository.selectEvents,
        ArtifactRepository.selectEventsOfArtifact,
        ArtifactRepository.countStatus, ArtifactRepository.countFailureType, ArtifactRepository.countExpired,
        ArtifactRepository.firstCreated, ArtifactRepository.lastCreated, ArtifactRepository.lastEvent,
        ArtifactDetails.selectParts, ArtifactDetails.selectComputedCosts, ArtifactRepository.takeOver,
        ArtifactRepository.finish,
        ArtifactRepository.heartbeat, ArtifactRepository.sweepSome, ArtifactRepository.purgeSome,
        ArtifactRepository.selectSigning, ArtifactRepository.selectForDelete, ArtifactRepository.selectDeleted,
        ArtifactRepository.holdRemoval, ArtifactRepository.holdSomeRemovals, ArtifactRepository.endRemoval,
        ArtifactRepository.countWaiting, ArtifactRepository.selectHolder, ArtifactRepository.selectFormerHolder,
        "\(ArtifactRepository.selectForBegin) WHERE parentRunId = ? AND idempotencyKey = ?",
        "\(ArtifactRepository.selectForBegin) WHERE artifactId = ?",
        ArtifactRepository.selectStoredObject, ArtifactRepository.selectWaitingRemoval,
        ArtifactRepository.selectRunOfClaim, ArtifactRepository.selectOpenClaim,
        ArtifactRepository.selectStoredObjects, ArtifactRepository.selectFirstEvent,
        StoredHistory.selectEvents, StoredHistory.selectLines, StoredHistory.selectLineById, StoredHistory.lastArtifact,
        HistoryReplay.selectByKey,
        ArtifactRepository.selectRevisions, ArtifactRepository.selectRevision,
        HistoryReplay.selectRevisionOfDigest, StoredHistory.selectDigest, ArtifactRepository.selectSupport,
        ArtifactRepository.selectAdmissionOfArtifact, ArtifactRepository.selectImageModels,
        ArtifactRepository.selectAdmittedModel, ArtifactRepository.insertComputedCost,
        ArtifactRepository.selectCurrentRevision, ArtifactRepository.selectDeclarations,
        ArtifactRepository.selectDeclaration, ArtifactRepository.selectDeclarationId,
    ]

    @Test("No public call scans a table or sorts", arguments: statements)
    func search(sql: String) async throws {
        try await Self.expectSearch(sql, TemporaryStore.open())
    }

    static func plan(_ sql: String, _ temporary: TemporaryStore) async throws -> [String] {
        // On the writing connection: the others trust no schema, and triggers that write the index of prompts need that.
        try await temporary.store.repository.database.write { db in
            let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
            // The plan is made before any value is bound.
            statement.setUncheckedArguments(StatementArguments())
            return try Row.fetchAll(statement).map { $0["detail"] as String }
        }
    }

    static func expectSearch(_ sql: String, _ temporary: TemporaryStore) async throws {
        let plan = try await plan(sql, temporary)
        #expect(plan.contains { $0.hasPrefix("SEARCH") }, "\(plan)")
        for step in plan {
            #expect(!step.hasPrefix("SCAN") && !step.contains("TEMP B-TREE"), "\(step)\n\(sql)")
        }
    }

    @Test("Negative control: a sort and a scan are noticed")
    func control() async throws {
        let temporary = try await TemporaryStore.open()
        for sql in ["SELECT prompt FROM artifact", "SELECT prompt FROM artifact WHERE status = 'x' ORDER BY prompt"] {
            await withKnownIssue { try await Self.expectSearch(sql, temporary) }
        }
    }
}
