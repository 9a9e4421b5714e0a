import ArtifactStoreTesting
import Foundation
import Synchronization
import Testing

@testable import ArtifactStore

@Suite("Comparing bucket and database")
struct ObjectCheckTests {
    private func random(_ seed: UInt64) -> [DamagedStore.Situation] {
        var generator = SeededGenerator(seed: seed)
        return (0..<24).compactMap { _ in DamagedStore.Situation.allCases.randomElement(using: &generator) }
    }

    @Test("The plan says what was done to a store and nothing else; looking changes nothing", arguments: 0..<12)
    func plan(seed: Int) async throws {
        let damaged = try await DamagedStore(seed == 0 ? DamagedStore.Situation.allCases : random(UInt64(seed)))
        let before = try damaged.objects()
        let database = try damaged.temporary.everything()
        let report = try await damaged.check()
        let findings = try damaged.findings()
        #expect(findings == damaged.expectations, "seed \(seed)")
        #expect(report.counts.objectCount == before.count)
        #expect(try damaged.objects() == before)
        #expect(try damaged.temporary.everything() == database)
        let kinds = Dictionary(grouping: damaged.expectations.values, by: \.kind).mapValues(\.count)
        #expect(report.counts.findings == kinds)
    }

    @Test(
        "Applying does exactly what the plan says, loses nothing that is referenced, and leaves nothing to do",
        arguments: 0..<12)
    func apply(seed: Int) async throws {
        let damaged = try await DamagedStore(seed == 0 ? DamagedStore.Situation.allCases : random(UInt64(seed)))
        try await damaged.check()
        let expected = damaged.applied(to: try damaged.objects())
        let outcomes = Mutex<[ObjectPlanOutcome]>([])
        let report = try await damaged.store.applyObjectPlan(
            at: damaged.plan, maximumShare: 1, outcome: { outcome in outcomes.withLock { $0.append(outcome) } })
        let after = try damaged.objects()
        #expect(after == expected, "seed \(seed)")
        for (key, bytes) in damaged.referenced { #expect(after[key] == bytes, "\(key)") }
        for outcome in outcomes.withLock({ $0 }) {
            let wanted: ObjectPlanOutcome.Result? =
                switch outcome.finding.action {
                case .quarantine: .quarantined
                case .delete: .deleted
                case .restore: .restored
                case nil: nil
                }
            #expect(outcome.result == wanted && outcome.reason == nil, "\(outcome)")
        }
        #expect(report.results.values.reduce(0, +) == damaged.expectations.values.count { $0.action != nil })
        // Applied again, every item is skipped; a new plan has no action.
        let again = try await damaged.store.applyObjectPlan(at: damaged.plan, maximumShare: 1)
        #expect(again.results.keys.allSatisfy { $0 == .skipped })
        #expect(try damaged.objects() == expected)
        #expect(try await damaged.check().counts.actions.isEmpty)
    }

    @Test("Without reading bytes, all but a changed byte is found")
    func withoutBytes() async throws {
        let damaged = try await DamagedStore([.intact, .flipped, .truncated, .missing])
        let report = try await damaged.check(nil, ObjectCheckOptions())
        #expect(report.counts.findings == [.sizeMismatch: 1, .missingObject: 1])
        #expect(report.counts.damageCount == 2 && report.counts.artifactCount == 4)
    }

    @Test("What a deletion is to remove, and what a claim or the grace period keeps, is counted alone")
    func counted() async throws {
        let damaged = try await DamagedStore([.waitingForRemoval, .youngOrphan, .livePending, .livePending])
        let counts = try await damaged.check().counts
        #expect(counts.removingCount == 1 && counts.recentCount == 3 && counts.findings.isEmpty)
    }

    @Test("Artifacts whose objects are in another bucket are counted, and not called missing")
    func elsewhere() async throws {
        let damaged = try await DamagedStore([.intact])
        try await damaged.temporary.complete(try await damaged.temporary.claim())
        let report = try await damaged.check()
        #expect(report.counts.artifactCount == 1 && report.counts.elsewhereCount == 1)
        #expect(report.counts.findings.isEmpty)
    }

    @Test("A plan replaces a plan, and nothing else")
    func names() async throws {
        let damaged = try await DamagedStore([.intact])
        try await damaged.check()
        try await damaged.check()
        let other = damaged.temporary.folder.path(of: "other")
        for contents in ["", "text\n", "{\"format\":\"other\"}\n"] {
            try Data(contents.utf8).write(to: URL(fileURLWithPath: other))
            let error = await storeError { _ = try await damaged.store.checkObjects(writingPlanTo: other) }
            #expect(error?.code == .conflict)
            #expect(try String(contentsOfFile: other, encoding: .utf8) == contents)
        }
        let database = await storeError {
            _ = try await damaged.store.checkObjects(writingPlanTo: damaged.temporary.path)
        }
        #expect(database?.code == .conflict)
    }

    @Test("Options out of range and a store without object storage are refused")
    func refusals() async throws {
        let damaged = try await DamagedStore([])
        for duration in [Duration.seconds(-1), .seconds(367 * 86_400)] {
            var options = ObjectCheckOptions()
            options.gracePeriod = duration
            #expect(await storeError { try await damaged.check(nil, options) }?.code == .invalidInput)
        }
        let without = try await ArtifactStore.open(at: damaged.temporary.path)
        #expect(await storeError { try await damaged.check(without) }?.code == .readOnly)
        #expect(await storeError { _ = try await without.applyObjectPlan(at: damaged.plan) }?.code == .readOnly)
    }

    @Test("A deletion between the database's page and the look at the object is no missing object")
    func deletedMeanwhile() async throws {
        let damaged = try await DamagedStore([.intact])
        let key = try #require(damaged.referenced.keys.first)
        let id = ArtifactID(String(key.split(separator: "/")[1]))
        let storage = HookedStorage(wrapped: damaged.storage, beforeHead: { try await damaged.store.delete(id) })
        let report = try await damaged.store.checkObjects(in: storage, writingPlanTo: damaged.plan)
        #expect(report.counts.findings.isEmpty && report.counts.artifactCount == 1)
    }
}

/// Does something before or after a call reaches the storage below.
struct HookedStorage<Wrapped: ObjectStorage>: WrappingStorage {
    let wrapped: Wrapped
    var beforeHead: @Sendable () async throws -> Void = {}
    var beforeMove: @Sendable (_ key: ObjectKey) async throws -> Void = { _ in }
    var afterMove: @Sendable (_ key: ObjectKey) async throws -> Void = { _ in }

    func head(_ key: ObjectKey) async throws -> Int64? {
        try await beforeHead()
        return try await wrapped.head(key)
    }

    func move(_ key: ObjectKey, to newKey: ObjectKey) async throws {
        try await beforeMove(key)
        try await wrapped.move(key, to: newKey)
        try await afterMove(key)
    }
}
