import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Synchronization

/// An object storage in memory that remembers what it held before, during and after every call, in step with the calls
/// of a recorded disk.
///
/// It obeys the laws that the conformance suite checks of the folder and of S3, so what a crash leaves of it is what a
/// crash may leave of either: of a put and a deletion nothing or all, of a move also both names.
final class ObjectTimeline: ObjectStorage {
    typealias Objects = [String: Data]

    private struct State {
        var objects: Objects
        /// After how many calls of the disk the storage began to hold these.
        var moments: [(count: Int, objects: Objects)] = []
    }

    let kind = "directory"
    let bucket = "renders"
    private let disk: FaultyDisk?
    private let state: Mutex<State>

    /// - Parameter disk: Nil for what is left after a crash, where nothing is recorded.
    init(_ objects: Objects = [:], on disk: FaultyDisk? = nil) {
        self.disk = disk
        state = Mutex(State(objects: objects, moments: [(0, objects)]))
    }

    var objects: Objects { state.withLock { $0.objects } }

    /// Everything the storage may hold when the process dies after so many calls of the disk.
    func states(after count: Int) -> [Objects] {
        let moments = state.withLock { $0.moments }
        let before = moments.last { $0.count < count }.map { [$0.objects] } ?? []
        return before + moments.filter { $0.count == count }.map(\.objects)
    }

    private func change(_ steps: ((inout Objects) throws -> Void)...) throws {
        try state.withLock { state in
            for step in steps {
                try step(&state.objects)
                if let disk { state.moments.append((disk.changes.changes.count, state.objects)) }
            }
        }
    }

    func put(_ bytes: Data, at key: ObjectKey, sha256: String) async throws {
        try change { $0[key.text] = bytes }
    }

    func get(_ key: ObjectKey, expecting expected: ImageFacts) async throws -> Data {
        guard let bytes = objects[key.text] else { throw missing(key) }
        return bytes
    }

    func verify(_ key: ObjectKey, expecting expected: ImageFacts) async throws {
        _ = try await get(key, expecting: expected)
    }

    func head(_ key: ObjectKey) async throws -> Int64? { objects[key.text].map { Int64($0.count) } }

    func delete(_ key: ObjectKey) async throws { try change { $0[key.text] = nil } }

    func list(after cursor: String?, limit: Int) async throws -> ObjectPage {
        let page = objects.sorted { $0.key < $1.key }.filter { $0.key > cursor ?? "" }.prefix(limit)
        return ObjectPage(
            objects: page.map { ListedObject(key: $0.key, byteCount: Int64($0.value.count), modifiedAt: .earliest) },
            next: page.count < limit ? nil : page.last?.key)
    }

    func move(_ key: ObjectKey, to newKey: ObjectKey) async throws {
        try change(
            { objects in
                guard let bytes = objects[key.text] ?? objects[newKey.text] else { throw self.missing(key) }
                objects[newKey.text] = bytes
            }, { $0[key.text] = nil })
    }

    private func missing(_ key: ObjectKey) -> StoreError {
        StoreError(.notFound, "there is no object \(key)", hint: "None.")
    }
}
