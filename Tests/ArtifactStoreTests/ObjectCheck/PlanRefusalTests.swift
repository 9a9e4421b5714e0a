import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("Plans that are not applied")
struct PlanRefusalTests {
    private func expectRefused(
        _ damaged: DamagedStore, _ code: StoreError.Code = .invalidInput, share: Double = 1, _ words: String = "",
        store: ArtifactStore? = nil
    ) async throws {
        let before = try damaged.objects()
        let error = await storeError {
            _ = try await (store ?? damaged.store).applyObjectPlan(at: damaged.plan, maximumShare: share)
        }
        #expect(error?.code == code && error?.message.contains(words) == true, "\(String(describing: error))")
        #expect(try damaged.objects() == before)
    }

    @Test("A plan that is cut at any byte, or has any byte changed, is refused before anything is touched")
    func torn() async throws {
        let damaged = try await DamagedStore([.oldOrphan, .longQuarantined, .foreign])
        try await damaged.check()
        let whole = try Data(contentsOf: URL(fileURLWithPath: damaged.plan))
        let before = try damaged.objects()
        let file = URL(fileURLWithPath: damaged.plan)
        for index in whole.indices {
            var changed = whole
            changed[index] ^= 1
            let longer = index.isMultiple(of: 50) ? [whole + whole.prefix(index + 1)] : []
            for bytes in [whole.prefix(index), changed] + longer {
                try bytes.write(to: file)
                let error = await storeError { _ = try await damaged.store.applyObjectPlan(at: damaged.plan) }
                #expect(error?.code == .invalidInput, "\(index) \(String(describing: error))")
            }
        }
        #expect(try damaged.objects() == before)
        try whole.write(to: file)
        let report = try await damaged.store.applyObjectPlan(at: damaged.plan)
        #expect(report.results == [.quarantined: 1, .deleted: 1])
    }

    @Test("A plan that lies about everything, with a digest that is right, touches nothing that is to be kept")
    func lies() async throws {
        let damaged = try await DamagedStore([
            .intact, .youngOrphan, .foreign, .foreignRun, .foreignToken, .hashedId, .livePending, .oldPending,
            .foreignQuarantine, .quarantined, .waitingForRemoval,
        ])
        try await damaged.check(nil, ObjectCheckOptions())
        var lines = [
            try #require(try damaged.planLines().first), PlanLine.checkpoint(PlanCheckpoint()).json.compactText,
        ]
        var counts = ObjectCheckCounts()
        counts.objectCount = 1000
        for object in try await damaged.storage.list(after: nil, limit: 100).objects {
            for action in ObjectFinding.Action.allCases {
                let finding = ObjectFinding(.unreferencedObject, object, action: action)
                counts.add(finding)
                lines.append(PlanLine.finding(finding).json.compactText)
            }
        }
        let end = PlanCheckpoint(position: .artifacts(after: 0), counts: counts)
        lines += [PlanLine.checkpoint(end).json.compactText, PlanLine.summary(counts).json.compactText]
        let text = lines.map { $0 + "\n" }.joined()
        let last = PlanLine.end(sha256: SHA256Hex.of(text.utf8)).json.compactText + "\n"
        try Data((text + last).utf8).write(to: URL(fileURLWithPath: damaged.plan))
        let before = try damaged.objects()
        let report = try await damaged.store.applyObjectPlan(at: damaged.plan, maximumShare: 1)
        #expect(report.results == [.skipped: 3 * before.count] && before.count > 12)
        #expect(try damaged.objects() == before)
    }

    @Test("More than ten objects are touched only within the share, and none where they are more")
    func share() async throws {
        // Others' objects in the bucket do not count.
        let many = try await DamagedStore(
            [.intact, .foreign, .foreign, .foreign] + [DamagedStore.Situation](repeating: .oldOrphan, count: 11))
        try await many.check()
        try await expectRefused(many, .conflict, share: 0.05, "11 of 12 objects, more than 5 %")
        try await expectRefused(many, .conflict, share: 0.91, "more than 91 %")
        let report = try await many.store.applyObjectPlan(at: many.plan, maximumShare: 0.92)
        #expect(report.results == [.quarantined: 11])
        let few = try await DamagedStore([DamagedStore.Situation](repeating: .oldOrphan, count: 10))
        try await few.check()
        #expect(try await few.store.applyObjectPlan(at: few.plan, maximumShare: 0).results == [.quarantined: 10])
        for share in [-0.1, 1.1, .nan] {
            #expect(
                await storeError { _ = try await few.store.applyObjectPlan(at: few.plan, maximumShare: share) }?.code
                    == .invalidInput)
        }
    }

    @Test("A plan of another store, another bucket, another day or a later history is refused")
    func others() async throws {
        let damaged = try await DamagedStore([.intact, .oldOrphan])
        try await damaged.check()
        let other = try await DamagedStore([.intact])
        try await expectRefused(damaged, "another store's", store: other)
        let bucket = try DirectoryObjectStorage(root: damaged.temporary.folder.path(of: "objects"), bucket: "other")
        try await expectRefused(damaged, "is for directory:renders", store: try await damaged.open(bucket))

        let clock = damaged.temporary.clock
        let now = clock.now
        clock.advance(by: .seconds(7 * 86_400 + 1))
        try await expectRefused(damaged, "not within the last seven days")
        clock.now = now.advanced(by: .seconds(-1))
        try await expectRefused(damaged, "not within the last seven days")
        clock.now = now

        // The store is put back to a backup, and an artifact that came later is unknown.
        let backup = damaged.temporary.folder.path(of: "backup.sqlite")
        _ = try await damaged.store.backUp(to: backup)
        _ = try await damaged.temporary.claim(run: "later")
        try await damaged.check()
        let restored = try await ArtifactStore.open(
            at: backup, objects: damaged.storage, options: damaged.temporary.store.repository.options)
        try await expectRefused(damaged, "a backup was put in its place", store: restored)
    }

    private func expectRefused(
        _ damaged: DamagedStore, _ words: String, store: DamagedStore
    ) async throws {
        try await expectRefused(damaged, words, store: store.store)
    }

    private func expectRefused(_ damaged: DamagedStore, _ words: String, store: ArtifactStore? = nil) async throws {
        try await expectRefused(damaged, .invalidInput, share: 1, words, store: store)
    }

    @Test("A plan that is missing, a folder or a link is refused")
    func noFile() async throws {
        let damaged = try await DamagedStore([])
        try await expectRefused(damaged, .notFound, "there is no plan")
        try FileManager.default.createDirectory(atPath: damaged.plan, withIntermediateDirectories: false)
        try await expectRefused(damaged, "no regular file")
        try FileManager.default.removeItem(atPath: damaged.plan)
        try FileManager.default.createSymbolicLink(
            atPath: damaged.plan, withDestinationPath: damaged.temporary.path)
        try await expectRefused(damaged, "symbolic link")
    }
}
