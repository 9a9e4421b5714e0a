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

    /// The usual life: images are completed, one by one and by a host's own reference, some are deleted, one with its
    /// object kept from going, and what waits is removed.
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
        let pending = Set(
            artifacts.values.filter { $0.status == .pending }.map { "\($0.parentRunId)/\($0.artifactId)/1" })
        let left = Set(storage.objects.keys)
        guard left.isSuperset(of: known) else { throw Broken(description: "an object went with its artifact there") }
        guard left.subtracting(known).isSubset(of: pending) else {
            throw Broken(description: "\(left.subtracting(known)) belong to nobody")
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
        print("complete, delete, remove and purge: \(checked) crash points of records and objects together")
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
