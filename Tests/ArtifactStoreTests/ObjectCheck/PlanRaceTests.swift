import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("What changes while a plan is applied")
struct PlanRaceTests {
    private static let orphan: [DamagedStore.Situation] = [.oldOrphan]

    private func planned() async throws -> (damaged: DamagedStore, key: String, claim: Claim) {
        let damaged = try await DamagedStore(Self.orphan)
        try await damaged.check()
        let key = try #require(damaged.expectations.keys.first)
        return (damaged, key, try await damaged.temporary.claim(run: "late"))
    }

    /// A host completes an artifact with the orphan as its object: the only way in which one can get a reference.
    private func refer(_ damaged: DamagedStore, _ claim: Claim, _ key: ObjectKey) async throws {
        let bytes = SampleImage.png(shade: 0)
        try await damaged.store.complete(
            claim, at: StorageReference(kind: "directory", bucket: "renders", objectKey: key),
            facts: ImageFacts.describing(bytes), execution: Fixture.execution)
    }

    @Test("An object that is referenced by now stays where it is")
    func before() async throws {
        let (damaged, key, claim) = try await planned()
        let objects = try damaged.objects()
        try await refer(damaged, claim, ObjectKey(key))
        let report = try await damaged.store.applyObjectPlan(at: damaged.plan)
        #expect(report.results == [.skipped: 1])
        #expect(try damaged.objects() == objects)
    }

    @Test("A reference that appears between the look and the move, or right after the move, brings it back")
    func between() async throws {
        for isBefore in [true, false] {
            let (damaged, key, claim) = try await planned()
            let objects = try damaged.objects()
            let wanted = try ObjectKey(key)
            let refer: @Sendable (ObjectKey) async throws -> Void = { moved in
                if moved == wanted { try await self.refer(damaged, claim, moved) }
            }
            var storage = HookedStorage(wrapped: damaged.storage)
            if isBefore { storage.beforeMove = refer } else { storage.afterMove = refer }
            let report = try await damaged.store.applyObjectPlan(at: damaged.plan, in: storage)
            #expect(report.results == [.restored: 1])
            try await expectBack(damaged, objects)
        }
    }

    /// The object is in its place; its copy in quarantine goes with the next plan.
    private func expectBack(_ damaged: DamagedStore, _ objects: [String: Data]) async throws {
        #expect(try damaged.objects().filter { !$0.key.hasPrefix("quarantine/") } == objects)
        try await damaged.check()
        _ = try await damaged.store.applyObjectPlan(at: damaged.plan, maximumShare: 1)
        #expect(try damaged.objects() == objects)
    }

    @Test("When it dies before the second look, applying again or the next plan brings the object back")
    func death() async throws {
        for usesNextPlan in [true, false] {
            let (damaged, key, claim) = try await planned()
            let objects = try damaged.objects()
            let wanted = try ObjectKey(key)
            let storage = HookedStorage(
                wrapped: damaged.storage,
                afterMove: { moved in
                    guard moved == wanted else { return }
                    try await refer(damaged, claim, moved)
                    throw CancellationError()
                })
            await #expect(throws: CancellationError.self) {
                try await damaged.store.applyObjectPlan(at: damaged.plan, in: storage)
            }
            #expect(try damaged.objects() != objects)
            damaged.temporary.clock.advance(by: .seconds(2 * 86_400))
            if usesNextPlan {
                #expect(try await damaged.check().counts.findings == [.missingObject: 1, .restorableObject: 1])
            }
            let report = try await damaged.store.applyObjectPlan(at: damaged.plan)
            #expect(report.results == [.restored: 1])
            try await expectBack(damaged, objects)
        }
    }

    @Test("An artifact that is deleted while its object is brought back leaves it in quarantine, not in its place")
    func deletedWhileRestored() async throws {
        let damaged = try await DamagedStore([.quarantinedThoughReferenced])
        try await damaged.check()
        let artifact = try #require(try await damaged.store.page().artifacts.first)
        let key = try #require(artifact.storage?.reference.objectKey)
        let before = try damaged.objects()
        // Its object is not in its place yet when the deletion looks, and comes right after.
        let storage = HookedStorage(
            wrapped: damaged.storage,
            beforeMove: { moved in
                if moved != key { try await damaged.store.delete(artifact.artifactId) }
            })
        let report = try await damaged.store.applyObjectPlan(at: damaged.plan, in: storage)
        #expect(report.results == [.skipped: 1])
        #expect(try await damaged.storage.head(key) == nil)
        #expect(try damaged.objects() == before, "it goes the way of all that is in quarantine")
    }

    @Test("An object that changed, is gone, or is too young by the clock of now is left alone")
    func changed() async throws {
        let (damaged, key, _) = try await planned()
        try damaged.write(SampleImage.png(shade: 9), key, at: DamagedStore.long.advanced(by: .milliseconds(1)))
        let objects = try damaged.objects()
        #expect(try await damaged.store.applyObjectPlan(at: damaged.plan).results == [.skipped: 1])
        try damaged.write(SampleImage.png(shade: 9) + Data([0]), key, at: DamagedStore.long)
        #expect(try await damaged.store.applyObjectPlan(at: damaged.plan).results == [.skipped: 1])
        #expect(try damaged.objects().count == objects.count)
        try damaged.remove(key)
        #expect(try await damaged.store.applyObjectPlan(at: damaged.plan).results == [.skipped: 1])
        #expect(try damaged.objects().isEmpty)
    }

    @Test("What is in quarantine is brought back only with the recorded bytes, and over nothing")
    func restoring() async throws {
        let damaged = try await DamagedStore([.quarantinedThoughReferenced, .quarantinedThoughReferenced])
        try await damaged.check()
        let keys = damaged.expectations.keys.filter { $0.hasPrefix("quarantine/") }.sorted()
        var flipped = try #require(try damaged.objects()[keys[0]])
        flipped[40] ^= 1
        try damaged.write(flipped, keys[0], at: DamagedStore.long)
        let other = String(keys[1].dropFirst("quarantine/2025-01-01/".count))
        try damaged.write(Data("other".utf8), other, at: DamagedStore.now)
        let objects = try damaged.objects()
        #expect(try await damaged.store.applyObjectPlan(at: damaged.plan).results == [.skipped: 2])
        #expect(try damaged.objects() == objects)
    }

    @Test("An object in quarantine that is referenced again by the time it would be removed stays")
    func deleting() async throws {
        let damaged = try await DamagedStore([.longQuarantined])
        try await damaged.check()
        let key = try #require(damaged.expectations.keys.first)
        let claim = try await damaged.temporary.claim(run: "late")
        try await refer(damaged, claim, ObjectKey(String(key.dropFirst("quarantine/2025-12-04/".count))))
        let objects = try damaged.objects()
        #expect(try await damaged.store.applyObjectPlan(at: damaged.plan).results == [.skipped: 1])
        #expect(try damaged.objects() == objects)
        #expect(try await damaged.check().counts.actions == [.restore: 1])
        _ = try await damaged.store.applyObjectPlan(at: damaged.plan)
        #expect(try damaged.objects().keys.sorted() == [String(key.dropFirst("quarantine/2025-12-04/".count))])
    }

    @Test("A claim that was swept cannot complete with an object that is in quarantine")
    func lateUpload() async throws {
        let damaged = try await DamagedStore([])
        let clock = damaged.temporary.clock
        let claim = try await damaged.temporary.claim()
        let bytes = SampleImage.png(shade: 3)
        try damaged.write(bytes, claim.objectKey.text, at: clock.now)
        clock.advance(by: .seconds(5 * 86_400))
        #expect(try await damaged.check().counts.findings == [.unfinishedObject: 1])
        #expect(try await damaged.store.applyObjectPlan(at: damaged.plan).results.isEmpty)
        _ = try await damaged.store.sweep()
        #expect(try await damaged.check().counts.actions == [.quarantine: 1])
        #expect(try await damaged.store.applyObjectPlan(at: damaged.plan).results == [.quarantined: 1])
        let late = await storeError {
            try await damaged.store.complete(claim, storing: bytes, execution: Fixture.execution)
        }
        #expect(late?.code == .claimLost || late?.code == .alreadyFinished, "\(String(describing: late))")
    }
}
