internal import ArtifactStore
internal import Synchronization

/// The storages that `--objects` leads to, each made once: S3 keeps its connections.
final class ReachedStorages: Sendable {
    private struct Place: Hashable {
        let kind: String
        let bucket: String
    }

    private let found = Mutex<[Place: (any ObjectStorage)?]>([:])
    private let make: @Sendable (Place) throws -> (any ObjectStorage)?

    init(_ objects: ObjectsOption, besides database: String) {
        make = { try objects.storage(kind: $0.kind, bucket: $0.bucket, besides: database) }
    }

    /// Nil for a bucket that is elsewhere.
    @Sendable func find(_ kind: String, _ bucket: String) throws -> (any ObjectStorage)? {
        let place = Place(kind: kind, bucket: bucket)
        return try found.withLock { found in
            if let known = found[place] { return known }
            let storage = try make(place)
            found[place] = .some(storage)
            return storage
        }
    }
}
