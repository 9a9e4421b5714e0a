public import Foundation

extension ArtifactStore {
    /// The image's bytes, compared with the byte count and SHA-256 of its record.
    ///
    /// - Throws: ``StoreError`` `notFound` (no such artifact, none completed, or its object is gone), `objectDamaged`,
    ///   `objectStorage`, `conflict` when the bytes are in another storage than this store was opened with.
    public func bytes(of id: ArtifactID) async throws -> Data {
        let artifact = try await artifact(id)
        guard let storage = artifact.storage else {
            throw StoreError(
                .notFound, "artifact \(id) is \(artifact.status.rawValue) and has no bytes",
                hint: "Only completed artifacts have an image.", artifactId: id)
        }
        let reference = storage.reference
        guard let objects, objects.kind == reference.kind, objects.bucket == reference.bucket else {
            throw StoreError(
                .conflict,
                "the bytes are in \(reference.kind):\(reference.bucket), which this store was not opened with",
                hint: "Open the store with that object storage.", artifactId: id, storage: reference)
        }
        return try await objects.get(reference.objectKey, expecting: storage.facts)
    }
}
