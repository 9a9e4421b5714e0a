import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("A comparison or an application that is interrupted")
struct InterruptedCheckTests {
    private static let moments: [FaultyObjectStorage.Moment] = [.beforehand, .afterwards]

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test("Interrupted at any call of the storage, it goes on, and makes the plan of an uninterrupted one")
    func resume() async throws {
        let damaged = try await DamagedStore(DamagedStore.Situation.allCases)
        let counting = FaultyObjectStorage(wrapping: damaged.storage)
        let first = try await damaged.store.checkObjects(
            in: counting, writingPlanTo: damaged.plan, options: DamagedStore.options)
        #expect(!first.wasResumed)
        let plan = try bytes(damaged.plan)
        var stops = 0
        for number in 1...counting.callCount {
            try FileManager.default.removeItem(atPath: damaged.plan)
            let storage = FaultyObjectStorage(wrapping: damaged.storage)
            storage.fail(call: number)
            let error = await storeError {
                _ = try await damaged.store.checkObjects(
                    in: storage, writingPlanTo: damaged.plan, options: DamagedStore.options)
            }
            // An object that could not be read once is read again.
            guard let error else {
                #expect(try bytes(damaged.plan) == plan, "\(number)")
                continue
            }
            stops += 1
            #expect(error.code == .objectStorage, "\(number)")
            #expect(!FileManager.default.fileExists(atPath: damaged.plan))
            let again = try await damaged.check()
            #expect(again.wasResumed)
            #expect(try bytes(damaged.plan) == plan, "\(number)")
            #expect(!FileManager.default.fileExists(atPath: damaged.plan + PlanDraft.suffix))
        }
        #expect(stops > 15 && stops < counting.callCount)
    }

    @Test("What is already done is not asked again")
    func notAnew() async throws {
        let damaged = try await DamagedStore(DamagedStore.Situation.allCases)
        let counting = FaultyObjectStorage(wrapping: damaged.storage)
        _ = try await damaged.store.checkObjects(
            in: counting, writingPlanTo: damaged.plan, options: DamagedStore.options)
        let all = counting.callCount
        let storage = FaultyObjectStorage(wrapping: damaged.storage)
        // The last object is not read, and then not even found.
        storage.fail(call: all)
        storage.fail(call: all + 1)
        let options = DamagedStore.options
        for _ in 0..<2 {
            try? await _ = damaged.store.checkObjects(in: storage, writingPlanTo: damaged.plan, options: options)
        }
        #expect(storage.callCount < all + 10)
    }

    @Test("A draft that power cut at any byte is gone on with, or begun anew")
    func cutDraft() async throws {
        let damaged = try await DamagedStore([.intact, .oldOrphan, .missing, .foreign, .longQuarantined])
        var options = DamagedStore.options
        options.pageSize = 5
        try await damaged.check(nil, options)
        let plan = try bytes(damaged.plan)
        let draft = URL(fileURLWithPath: damaged.plan + PlanDraft.suffix)
        for length in stride(from: 0, through: plan.count, by: 3) {
            // Zeros where a block never reached the disk.
            let tail = length.isMultiple(of: 2) ? Data() : Data(count: 40)
            try (plan.prefix(length) + tail).write(to: draft)
            try await damaged.check(nil, options)
            #expect(try bytes(damaged.plan) == plan, "\(length)")
        }
    }

    @Test("Another comparison's draft is begun anew: other options, another history, or too old")
    func otherDraft() async throws {
        let damaged = try await DamagedStore([.intact, .oldOrphan])
        try await damaged.check()
        let draft = damaged.plan + PlanDraft.suffix
        func interrupted() async throws {
            let storage = FaultyObjectStorage(wrapping: damaged.storage)
            storage.fail(call: 2)
            _ = await storeError {
                _ = try await damaged.store.checkObjects(
                    in: storage, writingPlanTo: damaged.plan, options: DamagedStore.options)
            }
            #expect(FileManager.default.fileExists(atPath: draft))
        }
        try await interrupted()
        var options = DamagedStore.options
        options.gracePeriod = .seconds(3600)
        #expect(try await !damaged.check(nil, options).wasResumed)
        try await interrupted()
        damaged.temporary.clock.advance(by: .seconds(7 * 86_400 + 1))
        #expect(try await !damaged.check().wasResumed)
        try await interrupted()
        #expect(try await damaged.check().wasResumed)
    }

    @Test("Two at once: the second one is told that the first one writes the plan")
    func twoAtOnce() async throws {
        let damaged = try await DamagedStore([.intact])
        let storage = HookedStorage(
            wrapped: damaged.storage,
            beforeHead: {
                let error = await storeError { try await damaged.check() }
                #expect(error?.code == .busy)
            })
        _ = try await damaged.store.checkObjects(
            in: storage, writingPlanTo: damaged.plan, options: DamagedStore.options)
    }

    @Test("Any call of the storage may fail while a plan is applied; repeating it finishes it")
    func applyFaults() async throws {
        let original = try await DamagedStore(DamagedStore.Situation.allCases)
        try await original.check()
        let expected = original.applied(to: try original.objects())
        let counted = try await original.copy()
        let counter = FaultyObjectStorage(wrapping: counted.storage)
        _ = try await counted.store.applyObjectPlan(at: counted.plan, in: counter, maximumShare: 1)
        #expect(counter.callCount > 10)
        for number in 1...counter.callCount {
            for moment in Self.moments {
                let damaged = try await original.copy()
                let before = try damaged.objects()
                let storage = FaultyObjectStorage(wrapping: damaged.storage)
                storage.fail(call: number, moment)
                let report = try? await damaged.store.applyObjectPlan(
                    at: damaged.plan, in: storage, maximumShare: 1)
                if let report { #expect(report.failedCount <= 1) }
                try Self.expectNothingLost(damaged, before)
                _ = try await damaged.store.applyObjectPlan(at: damaged.plan, maximumShare: 1)
                #expect(try damaged.objects() == expected, "call \(number) \(moment)")
            }
        }
    }

    @Test("A process may die at any system call while a plan is applied; repeating it finishes it")
    func applyCrashes() async throws {
        let original = try await DamagedStore([
            .intact, .oldOrphan, .oldOrphan, .longQuarantined, .quarantinedThoughReferenced, .quarantinedTwice,
        ])
        try await original.check()
        let expected = original.applied(to: try original.objects())
        var number = 1
        while true {
            let damaged = try await original.copy()
            let before = try damaged.objects()
            let script = CallScript()
            let storage = try DirectoryObjectStorage(
                root: damaged.temporary.folder.path(of: "objects"), bucket: "renders", calls: script.fileSystemCalls
            ) { 7 }
            script.arm(.crash(at: number))
            _ = try? await damaged.store.applyObjectPlan(at: damaged.plan, in: storage, maximumShare: 1)
            let calls = script.calls.count
            try Self.expectNothingLost(damaged, before)
            _ = try await damaged.store.applyObjectPlan(at: damaged.plan, maximumShare: 1)
            // The list of the plan's page is the one before: what was moved in two steps is finished by the next plan.
            try await damaged.check()
            _ = try await damaged.store.applyObjectPlan(at: damaged.plan, maximumShare: 1)
            #expect(try damaged.objects() == expected, "call \(number)")
            guard calls >= number else { break }
            number += 1
        }
        #expect(number > 50)
    }

    /// All bytes that were anywhere are somewhere, but for what had been in quarantine for long.
    private static func expectNothingLost(_ damaged: DamagedStore, _ before: [String: Data]) throws {
        let after = Set(try damaged.objects().values)
        for (key, bytes) in before where damaged.expectations[key]?.action != .delete {
            #expect(after.contains(bytes), "\(key)")
        }
    }
}
