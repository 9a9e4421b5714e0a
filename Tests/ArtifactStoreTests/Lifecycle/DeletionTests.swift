import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Deleting")
struct DeletionTests {
    private static let png = SampleImage.png(shade: 1)
    private static let byteCount = Int64(png.count)

    /// An artifact with its object.
    private func completed(
        _ temporary: TemporaryStore, run: String = "run_1", key: String? = nil
    ) async throws -> GeneratedImageArtifact {
        let claim = try await temporary.claim(run: run, key: key)
        try await temporary.store.complete(claim, storing: Self.png, execution: Fixture.execution)
        return try await temporary.store.artifact(claim.artifactId)
    }

    private func head(_ temporary: TemporaryStore, _ artifact: GeneratedImageArtifact) async throws -> Int64? {
        let key = try #require(artifact.storage?.reference.objectKey)
        return try await temporary.store.objects?.head(key)
    }

    @Test("An artifact goes with its object and its signed URLs, and leaves its events")
    func one() async throws {
        let temporary = try await TemporaryStore.open()
        let artifact = try await completed(temporary, key: "hero")
        let shell = try temporary.shell()
        try await shell.write { db in
            try db.execute(
                sql: """
                    INSERT INTO signedUrl (artifactId, method, signedAt, expiresAt, credentialId)
                    VALUES (?, 'GET', 1, 2, 'k')
                    """, arguments: [artifact.artifactId.text])
        }
        temporary.clock.advance(by: .seconds(5))
        let report = try await temporary.store.delete(artifact.artifactId)
        #expect(report.deletedCount == 1 && report.objects.removedCount == 1 && report.objects.failedCount == 0)
        #expect(try await head(temporary, artifact) == nil)
        let error = try #require(await storeError { _ = try await temporary.store.artifact(artifact.artifactId) })
        #expect(error.code == .notFound && error.message.contains("was deleted on \(temporary.clock.now)"))
        let events = try await temporary.store.events(of: artifact.artifactId)
        #expect(events.map(\.kind) == [.created, .completed, .deleted])
        #expect(events.last?.occurredAt == temporary.clock.now)
        #expect(try await shell.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM signedUrl") } == 0)
        #expect(try await temporary.store.statistics().waitingRemovals == 0)
        // The key is free again, and another artifact's.
        let next = try await temporary.store.begin(Fixture.request, for: "run_1", idempotencyKey: "hero").claim
        #expect(next.artifactId != artifact.artifactId)
    }

    @Test("What is gone, held or named again is refused with its reason")
    func refusals() async throws {
        let temporary = try await TemporaryStore.open()
        let artifact = try await completed(temporary)
        try await temporary.store.delete(artifact.artifactId)
        #expect(await storeError { try await temporary.store.delete(artifact.artifactId) }?.code == .notFound)
        #expect(await storeError { try await temporary.store.delete("nowhere") }?.code == .notFound)
        let again = await storeError {
            _ = try await temporary.store.begin(Fixture.request, for: "run_2", artifactId: artifact.artifactId)
        }
        #expect(again?.code == .conflict && again?.message.contains("deleted") == true)
        let claim = try await temporary.claim()
        let held = await storeError { try await temporary.store.delete(claim.artifactId) }
        #expect(held?.code == .claimHeld && held?.holder?.expiresAt == claim.expiresAt)
        let reference = try #require(artifact.storage?.reference)
        let taken = await storeError {
            try await temporary.store.complete(claim, at: reference, execution: Fixture.execution)
        }
        #expect(taken?.code == .conflict && taken?.message.contains("which was deleted") == true)
        temporary.clock.advance(by: .seconds(601))
        try await temporary.store.delete(claim.artifactId)
        let late = await storeError {
            try await temporary.store.complete(claim, storing: Self.png, execution: Fixture.execution)
        }
        #expect(late?.code == .notFound && late?.storage != nil, "the late worker learns where its bytes are")
        #expect(await storeError { _ = try await temporary.store.delete(where: .init()) }?.code == .invalidInput)
    }

    @Test("Every filter deletes what its list holds, live claims excepted, and nothing else", arguments: 0..<6)
    func filters(number: Int) async throws {
        let temporary = try await TemporaryStore.open()
        let start = temporary.clock.now
        for index in 0..<60 {
            let run = "run_\(index % 4)"
            switch index % 5 {
            case 0, 1: _ = try await completed(temporary, run: run)
            case 2, 3: try await temporary.store.fail(temporary.claim(run: run), Fixture.failure)
            default: _ = try await temporary.claim(run: run)
            }
            temporary.clock.advance(by: .seconds(30))
        }
        let middle = start.advanced(by: .seconds(900))
        let filter = [
            ArtifactFilter(status: .failed), ArtifactFilter(parentRunId: "run_1"), ArtifactFilter(until: middle),
            ArtifactFilter(status: .completed, until: middle), ArtifactFilter(status: .pending),
            ArtifactFilter(model: "image-model", since: middle),
        ][number]
        func all(_ filter: ArtifactFilter) async throws -> [GeneratedImageArtifact] {
            var found: [GeneratedImageArtifact] = []
            for try await page in temporary.store.artifacts(where: filter, pageSize: 7) { found += page.artifacts }
            return found
        }
        let before = try await all(.init())
        let now = temporary.clock.now
        let meant = try await all(filter)
        let held = meant.filter { $0.status == .pending && $0.claim.expiresAt > now }
        let report = try await temporary.store.delete(where: filter)
        let gone = Set(meant.map(\.artifactId)).subtracting(held.map(\.artifactId))
        #expect(report.deletedCount == gone.count && report.claimedCount == held.count && !gone.isEmpty)
        #expect(report.objects.removedCount == meant.count { $0.status == .completed })
        #expect(try await all(.init()) == before.filter { !gone.contains($0.artifactId) })
        for artifact in before where artifact.storage != nil {
            #expect(try await head(temporary, artifact) == (gone.contains(artifact.artifactId) ? nil : Self.byteCount))
        }
    }

    @Test("What changed its status since a filter found it stays")
    func changedMeanwhile() async throws {
        let temporary = try await TemporaryStore.open()
        let artifact = try await completed(temporary)
        for status in [ArtifactStatus.pending, .failed] {
            let deletion = try await temporary.store.repository.delete(
                [.init(artifactId: artifact.artifactId, status: status)], removingFrom: nil)
            #expect(deletion.deletedCount == 0 && deletion.held.isEmpty)
        }
        #expect(try await temporary.store.bytes(of: artifact.artifactId) == Self.png)
    }

    @Test("An object that cannot be removed waits, with the reason, and the next try removes it")
    func waits() async throws {
        let folder = try TemporaryFolder()
        let directory = try DirectoryObjectStorage(root: folder.path(of: "objects"), bucket: "renders")
        let storage = FaultyObjectStorage(wrapping: directory)
        let temporary = try await TemporaryStore.open(in: folder, objects: storage)
        var artifacts: [GeneratedImageArtifact] = []
        for _ in 0..<3 { artifacts.append(try await completed(temporary)) }
        for call in 4...6 { storage.fail(call: call) }
        let report = try await temporary.store.delete(where: .init(parentRunId: "run_1"))
        #expect(report.deletedCount == 3 && report.objects.failedCount == 3 && report.objects.removedCount == 0)
        #expect(report.objects.firstFailure?.contains("object storage cannot be reached") == true)
        #expect(
            try await temporary.store.waitingRemovals()
                == [.init(kind: "directory", bucket: "renders", count: 3, heldUntil: nil)])
        #expect(try await temporary.store.statistics().waitingRemovals == 3)
        for artifact in artifacts { #expect(try await head(temporary, artifact) == Self.byteCount) }
        let next = try await temporary.store.removeDeletedObjects()
        #expect(next.removedCount == 3 && next.failedCount == 0)
        for artifact in artifacts { #expect(try await head(temporary, artifact) == nil) }
        #expect(try await temporary.store.removeDeletedObjects() == ObjectRemovalReport())
    }

    @Test("What one process is removing is left to it, until it is clear that it ended")
    func held() async throws {
        let temporary = try await TemporaryStore.open()
        _ = try await completed(temporary)
        let hosts = try await ArtifactStore.open(at: temporary.path, options: temporary.store.repository.options)
        _ = try await hosts.delete(where: .init(parentRunId: "run_1"))
        let bucket = BucketName(kind: "directory", bucket: "renders")
        let taken = try await temporary.store.repository.holdRemovals(in: bucket, after: 0, limit: 10)
        #expect(taken.count == 1)
        let until = temporary.clock.now.advanced(by: ArtifactRepository.removalHold)
        #expect(try await hosts.waitingRemovals().first?.heldUntil == until)
        #expect(try await hosts.removeDeletedObjects(in: temporary.store.objects) == ObjectRemovalReport())
        temporary.clock.advance(by: ArtifactRepository.removalHold)
        #expect(try await hosts.removeDeletedObjects(in: temporary.store.objects).removedCount == 1)
    }

    @Test("A hold from a clock that was ahead is none")
    func heldByAWrongClock() async throws {
        let temporary = try await TemporaryStore.open()
        let artifact = try await completed(temporary)
        let hosts = try await ArtifactStore.open(at: temporary.path, options: temporary.store.repository.options)
        try await hosts.delete(artifact.artifactId)
        try await temporary.shell().write { db in
            try db.execute(
                sql: "UPDATE objectRemoval SET heldUntil = \(temporary.clock.now.milliseconds + 31_536_000_000)")
        }
        #expect(try await temporary.store.removeDeletedObjects().removedCount == 1)
    }

    @Test(
        "Who comes to an end after another one changes nothing: what is removed stays so, and another's hold is its own"
    )
    func lateEnd() async throws {
        let temporary = try await TemporaryStore.open()
        let hosts = try await ArtifactStore.open(at: temporary.path, options: temporary.store.repository.options)
        for _ in 0..<2 { try await hosts.delete(try await completed(temporary).artifactId) }
        let repository = temporary.store.repository
        let bucket = BucketName(kind: "directory", bucket: "renders")
        let first = try await repository.holdRemovals(in: bucket, after: 0, limit: 10)
        temporary.clock.advance(by: ArtifactRepository.removalHold)
        let second = try await repository.holdRemovals(in: bucket, after: 0, limit: 10)
        #expect(first.count == 2 && second.count == 2)
        try await repository.endRemovals([(second[0], nil)])
        try await repository.endRemovals([(first[0], "too late"), (first[1], "too late")])
        #expect(try await repository.holdRemovals(in: bucket, after: 0, limit: 10).isEmpty, "the second hold stands")
        try await repository.endRemovals([(first[0], nil), (first[1], nil)])
        #expect(try await hosts.waitingRemovals().isEmpty)
    }

    @Test("A folder in which nothing was ever stored is the wrong one: the object waits")
    func wrongFolder() async throws {
        let temporary = try await TemporaryStore.open()
        let artifact = try await completed(temporary)
        let wrong = try DirectoryObjectStorage(root: temporary.folder.path(of: "wrong"), bucket: "renders")
        let store = try await ArtifactStore.open(
            at: temporary.path, objects: wrong, options: temporary.store.repository.options)
        let report = try await store.delete(artifact.artifactId)
        #expect(report.objects.removedCount == 0 && report.objects.failedCount == 1)
        #expect(report.objects.firstFailure?.contains("there is no folder renders") == true)
        #expect(try await temporary.store.removeDeletedObjects().removedCount == 1)
    }

    @Test("An answer whose usage went with its first image has an unknown cost, in a run as in a summary")
    func carrier() async throws {
        let temporary = try await TemporaryStore.open()
        let answer = try await temporary.store.produceAll(Fixture.request, for: "run_1") { _ in Fixture.answer(3) }
        #expect(try await temporary.store.runDetail("run_1").usage.artifactsWithoutCost == 0)
        try await temporary.store.delete(try #require(answer.first).artifactId)
        #expect(try await temporary.store.runDetail("run_1").usage.artifactsWithoutCost == 2)
        let summary = try await temporary.store.usage(by: .run)
        #expect(summary.usage.artifactsWithoutCost == 2 && summary.usage.costs.isEmpty)
    }

    @Test("A host that stores bytes itself removes them itself, and what it throws is kept within bounds")
    func hosts() async throws {
        let temporary = try await TemporaryStore.open()
        for _ in 0..<3 { try await temporary.complete(temporary.claim()) }
        #expect(try await temporary.store.delete(where: .init(parentRunId: "run_1")).objects == ObjectRemovalReport())
        struct Odd: Error, CustomStringConvertible { let description: String }
        var removed: [String] = []
        for text in ["", "a\0b", "?X-Amz-Signature=1", String(repeating: "é", count: 9_000)] {
            let report = try await temporary.store.removeDeletedObjects(from: "s3", bucket: "renders") { _ in
                throw Odd(description: text)
            }
            #expect(report.failedCount == 3, "\(text.prefix(20))")
        }
        _ = try await temporary.store.removeDeletedObjects(from: "s3", bucket: "other") { _ in Issue.record("other") }
        let store = temporary.store
        removed = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let keys = Keys()
                    try await store.removeDeletedObjects(from: "s3", bucket: "renders") { await keys.add($0.text) }
                    return await keys.all
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(removed.count == 3 && Set(removed).count == 3, "each once, whoever does it: \(removed)")
    }

    private actor Keys {
        var all: [String] = []
        func add(_ key: String) { all.append(key) }
    }

    @Test("Deleting beside workers that finish and begin loses no artifact that was not meant")
    func beside() async throws {
        let temporary = try await TemporaryStore.open()
        let store = temporary.store
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<40 { _ = try await store.delete(where: .init(status: .failed)) }
            }
            for worker in 0..<4 {
                group.addTask {
                    for number in 0..<25 {
                        let claim = try await store.begin(Fixture.request, for: "run_\(worker)").claim
                        if number % 2 == 0 {
                            try await store.complete(claim, storing: Self.png, execution: Fixture.execution)
                        } else {
                            try await store.fail(claim, Fixture.failure)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        _ = try await store.delete(where: .init(status: .failed))
        let statistics = try await store.statistics()
        #expect(statistics.counts.completed == 52 && statistics.counts.failed == 0 && statistics.counts.pending == 0)
        for try await page in store.artifacts() {
            for artifact in page.artifacts { #expect(try await store.bytes(of: artifact.artifactId) == Self.png) }
        }
    }

    @Test("An export has nothing of deleted artifacts, and an import does not bring them back")
    func exchange() async throws {
        let temporary = try await TemporaryStore.open()
        let kept = try await completed(temporary)
        let gone = try await completed(temporary, run: "run_2")
        let before = temporary.folder.path(of: "before")
        _ = try await temporary.store.export(to: before, withObjects: true)
        try await temporary.store.delete(gone.artifactId)
        let report = try await temporary.store.importArtifacts(from: before)
        #expect(report.importedCount == 0 && report.skippedCount == 1 && report.deletedCount == 1)
        #expect(report.eventCount == 0)
        #expect(try await head(temporary, gone) == nil, "nor does its object come back")
        let after = temporary.folder.path(of: "after")
        let export = try await temporary.store.export(to: after, withObjects: true)
        #expect(export.artifactCount == 1 && export.eventCount == 2 && export.objectCount == 1)
        let target = try await TemporaryStore.open()
        #expect(try await target.store.importArtifacts(from: after).importedCount == 1)
        #expect(try await target.store.bytes(of: kept.artifactId) == Self.png)
    }
}
