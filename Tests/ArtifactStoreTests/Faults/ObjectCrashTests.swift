import ArtifactStoreTesting
import Foundation
import Synchronization
import Testing

@testable import ArtifactStore

/// Records and objects together, after a crash between any two calls.
@Suite("A crash between records and objects")
struct ObjectCrashTests {
    private static let now = Timestamp(clamping: 1_800_000_000_000)

    /// What callers were told, and after how many calls of the disk.
    private final class Promises: Sendable {
        struct Promise {
            let count: Int
            let artifactId: ArtifactID
            let kind: Kind
        }
        enum Kind { case completed(Data), deleting, deleted }

        private let promises = Mutex<[Promise]>([])
        private let disk: FaultyDisk

        init(_ disk: FaultyDisk) { self.disk = disk }

        func add(_ id: ArtifactID, _ kind: Kind) {
            promises.withLock { $0.append(Promise(count: disk.changes.changes.count, artifactId: id, kind: kind)) }
        }

        func made(after count: Int) -> [Promise] { promises.withLock { $0.filter { $0.count <= count } } }
    }

    private static func open(_ path: String, _ storage: ObjectTimeline, _ calls: FileSystemCalls? = nil)
        async throws -> ArtifactStore
    {
        var options = StoreOptions()
        options.now = { now }
        options.maximumReaders = 1
        if let calls { options.calls = calls }
        return try await ArtifactStore.open(at: path, objects: storage, options: options)
    }

    /// The same store at another time.
    private static func later(_ store: ArtifactStore, by duration: Duration) -> ArtifactStore {
        var options = store.repository.options
        options.now = { now.advanced(by: duration) }
        return ArtifactStore(
            repository: ArtifactRepository(database: store.repository.database, options: options),
            objects: store.objects)
    }

    /// Compares bucket and records, and does what the plan says; then what is in quarantine is removed, a year later.
    private static func clean(_ store: ArtifactStore) async throws {
        let folder = try TemporaryFolder()
        for days in [2, 400] {
            let plan = folder.path(of: "\(days).plan")
            let later = later(store, by: .seconds(days * 86_400))
            _ = try await later.checkObjects(writingPlanTo: plan)
            _ = try await later.applyObjectPlan(at: plan, maximumShare: 1)
        }
    }

    /// The usual life: images are completed, some are deleted, of some the objects wait, and then go. An upload is left
    /// behind by a worker that died; it is swept, found, put aside and removed.
    private static func live(_ store: ArtifactStore, _ promises: Promises) async throws {
        func complete(_ number: Int, run: String) async throws -> ArtifactID {
            let id = ArtifactID("artifact-\(number)")
            let claim = try await store.begin(Fixture.request, for: run, context: Fixture.context, artifactId: id).claim
            let bytes = SampleImage.png(shade: UInt8(number))
            try await store.complete(claim, storing: bytes, execution: Fixture.execution)
            promises.add(id, .completed(bytes))
            return id
        }
        let first = try await complete(1, run: "run_1")
        let second = try await complete(2, run: "run_1")
        promises.add(first, .deleting)
        try await store.delete(first)
        promises.add(first, .deleted)
        let third = try await complete(3, run: "run_2")
        let fourth = try await complete(4, run: "run_2")
        for id in [third, fourth] { promises.add(id, .deleting) }
        // A host without the storage: the objects wait.
        let hosts = ArtifactStore(repository: store.repository, objects: nil)
        _ = try await hosts.delete(where: ArtifactFilter(parentRunId: "run_2"))
        for id in [third, fourth] { promises.add(id, .deleted) }
        _ = try await complete(5, run: "run_1")
        try await store.removeDeletedObjects()
        _ = try await store.purgeSignedURLs()
        let dead = try await store.begin(Fixture.request, for: "run_1", artifactId: "artifact-6").claim
        let bytes = SampleImage.png(shade: 6)
        try await store.objects?.put(bytes, at: dead.objectKey, sha256: SHA256Hex.of(bytes))
        _ = try await later(store, by: .seconds(700)).sweep()
        try await clean(store)
        _ = second
    }

    struct Broken: Error, CustomStringConvertible { let description: String }

    /// What must hold on every disk and with all objects that a crash may leave together.
    private static func check(
        _ folder: TemporaryFolder, _ objects: ObjectTimeline.Objects, _ promises: [Promises.Promise]
    ) async throws {
        let storage = ObjectTimeline(objects)
        let store = try await open(folder.path(of: "a.sqlite"), storage)
        var artifacts: [ArtifactID: GeneratedImageArtifact] = [:]
        for try await page in store.artifacts() {
            for artifact in page.artifacts { artifacts[artifact.artifactId] = artifact }
        }
        for artifact in artifacts.values {
            guard let key = artifact.storage?.reference.objectKey else { continue }
            guard let bytes = objects[key.text], SHA256Hex.of(bytes) == artifact.storage?.facts.sha256 else {
                throw Broken(description: "artifact \(artifact.artifactId) is completed, and its object is not there")
            }
        }
        var last: [ArtifactID: Promises.Kind] = [:]
        for promise in promises { last[promise.artifactId] = promise.kind }
        for (id, kind) in last {
            switch kind {
            case .completed(let bytes):
                guard try await store.bytes(of: id) == bytes else { throw Broken(description: "\(id) has other bytes") }
            case .deleting: break
            case .deleted: guard artifacts[id] == nil else { throw Broken(description: "\(id) came back") }
            }
        }
        // Whatever was cut short, repeating it finishes it, and nothing is left that leads to no pending artifact.
        try await store.removeDeletedObjects()
        let held = try await store.waitingRemovals()
        if !held.isEmpty {
            var later = store.repository.options
            later.now = { now.advanced(by: ArtifactRepository.removalHold) }
            let next = try await ArtifactStore.open(at: folder.path(of: "a.sqlite"), objects: storage, options: later)
            try await next.removeDeletedObjects()
            guard try await next.waitingRemovals().isEmpty else { throw Broken(description: "objects wait for ever") }
            try await next.close()
        }
        let known = Set(artifacts.values.compactMap { $0.storage?.reference.objectKey.text })
        let left = Set(storage.objects.keys)
        guard left.isSuperset(of: known) else { throw Broken(description: "an object went with its artifact there") }
        let counts = try await later(store, by: .seconds(2 * 86_400))
            .checkObjects(writingPlanTo: folder.path(of: "plan")).counts
        let found = [ObjectFinding.Kind.unreferencedObject, .unfinishedObject, .quarantinedObject]
            .reduce(0) { $0 + (counts.findings[$1] ?? 0) }
        guard found == left.subtracting(known).count, counts.damageCount == 0 else {
            throw Broken(description: "the doctor finds \(counts.findings) where \(left.subtracting(known)) is left")
        }
        _ = try await later(store, by: .seconds(3 * 86_400)).sweep()
        try await clean(later(store, by: .seconds(3 * 86_400)))
        guard Set(storage.objects.keys) == known else {
            throw Broken(description: "\(Set(storage.objects.keys).subtracting(known)) stays for ever")
        }
        try await store.close()
    }

    /// An empty store of the newest version.
    private static func start() async throws -> [String: [UInt8]] {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "a.sqlite")
        try await open(path, ObjectTimeline()).close()
        return ["a.sqlite": [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))]
    }

    private static func points(
        _ live: (ArtifactStore, Promises) async throws -> Void
    ) async throws -> (checked: Int, broken: [String]) {
        let disk = try FaultyDisk(try await start())
        let storage = ObjectTimeline(on: disk)
        let promises = Promises(disk)
        let store = try await open(disk.path(of: "a.sqlite"), storage, disk.calls)
        try await live(store, promises)
        try await store.close()
        let changes = disk.changes
        var (checked, broken) = (0, [String]())
        for count in 0...changes.changes.count {
            for objects in storage.states(after: count) {
                for loss in DiskChanges.Loss.allCases {
                    let folder = try TemporaryFolder()
                    for (name, bytes) in changes.files(after: count, losing: loss) {
                        try Data(bytes).write(to: URL(fileURLWithPath: folder.path(of: name)))
                    }
                    checked += 1
                    do {
                        try await check(folder, objects, promises.made(after: count))
                    } catch {
                        broken.append("after call \(count) of \(changes.changes.count), losing \(loss): \(error)")
                    }
                }
            }
        }
        return (checked, broken)
    }

    @Test(
        "loses no acknowledged image, deletes no referenced object, and leaves nothing that repeating does not finish")
    func everyPoint() async throws {
        let (checked, broken) = try await Self.points(Self.live)
        #expect(broken.isEmpty, "\(broken.count) of \(checked), such as \(broken.first ?? "")")
        #expect(checked > 300)
        print(
            "complete, delete, remove, purge, doctor and its application: \(checked) crash points of records and objects together"
        )
    }

    @Test("Negative control: an object deleted before its record is seen to be lost")
    func control() async throws {
        let (_, broken) = try await Self.points { store, promises in
            let claim = try await store.begin(Fixture.request, for: "run_1", artifactId: "a").claim
            try await store.complete(claim, storing: SampleImage.png(shade: 1), execution: Fixture.execution)
            try await store.objects?.delete(claim.objectKey)
            try await store.delete("a")
        }
        #expect(broken.contains { $0.contains("its object is not there") })
    }
}
