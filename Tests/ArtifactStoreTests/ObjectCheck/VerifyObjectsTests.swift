import ArtifactStoreTesting
import Foundation
import Synchronization
import Testing

@testable import ArtifactStore

@Suite("Verifying objects")
struct VerifyObjectsTests {
    private func verify(
        _ damaged: DamagedStore, _ filter: ArtifactFilter = ArtifactFilter(), ids: [ArtifactID]? = nil
    ) async throws -> (report: ObjectVerificationReport, found: [ObjectFinding.Kind]) {
        let found = Mutex<[ObjectFinding.Kind]>([])
        let storage = damaged.storage
        let find: ArtifactStore.FindingStorage = { kind, bucket in
            kind == "directory" && bucket == "renders" ? storage : nil
        }
        let note: @Sendable (ObjectFinding) async throws -> Void = { finding in
            found.withLock { $0.append(finding.kind) }
        }
        let report =
            if let ids { try await damaged.store.verifyObjects(of: ids, in: find, damage: note) } else {
                try await damaged.store.verifyObjects(where: filter, in: find, damage: note)
            }
        return (report, found.withLock { $0 })
    }

    @Test("Every byte of every artifact is read; what is missing or damaged is named in the order of creation")
    func all() async throws {
        let damaged = try await DamagedStore([
            .intact, .flipped, .intact, .missing, .truncated, .oldOrphan, .oldPending,
        ])
        try await damaged.temporary.complete(try await damaged.temporary.claim())
        let (report, found) = try await verify(damaged)
        #expect(found == [.hashMismatch, .missingObject, .sizeMismatch])
        #expect(report.artifactCount == 5 && report.damageCount == 3 && report.elsewhereCount == 1)
        #expect(report.withoutDigestCount == 0)
    }

    @Test("A run, a time or ids choose the artifacts")
    func chosen() async throws {
        let damaged = try await DamagedStore([.intact, .flipped, .missing])
        #expect(try await verify(damaged, ArtifactFilter(parentRunId: "run_1")).found == [.hashMismatch])
        #expect(try await verify(damaged, ArtifactFilter(parentRunId: "run_0")).report.damageCount == 0)
        let later = ArtifactFilter(since: DamagedStore.now.advanced(by: .milliseconds(1)))
        #expect(try await verify(damaged, later).report.artifactCount == 0)
        let ids = try await damaged.store.page(order: .oldestFirst).artifacts.map(\.artifactId)
        #expect(try await verify(damaged, ids: [ids[2], ids[0]]).found == [.missingObject])
        let unknown = await storeError { _ = try await verify(damaged, ids: [ids[0], "unknown"]) }
        #expect(unknown?.code == .notFound)
        let pending = try await damaged.temporary.claim()
        #expect(await storeError { _ = try await verify(damaged, ids: [pending.artifactId]) }?.code == .notFound)
    }

    @Test("A record without a digest is compared by its size, and counted")
    func withoutDigest() async throws {
        let damaged = try await DamagedStore([])
        try damaged.write(Data("image".utf8), "host/key", at: DamagedStore.long)
        let claim = try await damaged.temporary.claim()
        try await damaged.store.complete(
            claim, at: StorageReference(kind: "directory", bucket: "renders", objectKey: ObjectKey("host/key")),
            execution: Fixture.execution)
        let (report, found) = try await verify(damaged)
        #expect(report.artifactCount == 1 && report.withoutDigestCount == 1 && found.isEmpty)
    }

    @Test("An object that cannot be read is found, and hides no other; a storage out of reach is an error")
    func unreadable() async throws {
        let damaged = try await DamagedStore([.intact, .flipped])
        let claim = try await damaged.temporary.claim(run: "large")
        try await damaged.store.complete(claim, storing: SampleImage.png(shade: 9), execution: Fixture.execution)
        let storage = BadSector(wrapped: damaged.storage, key: claim.objectKey)
        let found = Mutex<[ObjectFinding.Kind]>([])
        let report = try await damaged.store.verifyObjects(in: { _, _ in storage }) { finding in
            found.withLock { $0.append(finding.kind) }
        }
        #expect(found.withLock { $0 } == [.hashMismatch, .unreadableObject] && report.damageCount == 2)
        let checked = try await damaged.store.checkObjects(
            in: storage, writingPlanTo: damaged.plan, options: DamagedStore.options)
        #expect(checked.counts.findings == [.hashMismatch: 1, .unreadableObject: 1])
        let error = await storeError {
            _ = try await damaged.store.verifyObjects(in: { _, _ in Unreachable() }, damage: { _ in })
        }
        #expect(error?.code == .objectStorage)
    }
}

/// A storage in which one object is there and cannot be read.
private struct BadSector: WrappingStorage {
    let wrapped: DirectoryObjectStorage
    let key: ObjectKey

    func verify(_ key: ObjectKey, expecting expected: ImageFacts) async throws {
        if key == self.key {
            throw StoreError(.objectStorage, "a read failed (a fault made for a test)", hint: "None.")
        }
        try await wrapped.verify(key, expecting: expected)
    }
}
