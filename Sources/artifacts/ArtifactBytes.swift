internal import ArtifactStore
internal import Foundation

/// An artifact's bytes where they are kept, read and verified.
struct ArtifactBytes {
    let storage: ArtifactStorage
    let objects: any ChunkReadingStorage

    /// More than this is never in memory at once.
    private static let wholeByteCount: Int64 = 67_108_864

    /// Whether ``read(_:)`` hands it on in one piece, after its verification.
    var comesWhole: Bool { (storage.facts.byteCount ?? .max) <= Self.wholeByteCount }

    /// Hands on all bytes in order. Those of a large object count only when this has returned.
    ///
    /// - Throws: ``StoreError``, and what `write` throws. A missing object is a failure of the storage: the artifact
    ///   itself was found.
    func read(_ write: (Data) throws -> Void) async throws {
        let key = storage.reference.objectKey
        do {
            if comesWhole {
                try write(try await objects.get(key, expecting: storage.facts))
            } else {
                for try await chunk in try objects.chunks(of: key, expecting: storage.facts) { try write(chunk) }
            }
        } catch let error as StoreError where error.code == .notFound {
            throw StoreError(
                .objectStorage, error.message,
                hint: "It was deleted, or is in another place: name that with --objects.")
        }
    }
}
