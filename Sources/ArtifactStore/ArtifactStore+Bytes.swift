public import Foundation

extension ArtifactStore {
    /// The image's bytes, compared with the byte count and SHA-256 of its record.
    ///
    /// - Throws: ``StoreError`` `notFound` (no such artifact, none completed, or its object is gone), `objectDamaged`,
    ///   `objectStorage`, `conflict` when the bytes are in another storage than this store was opened with.
    public func bytes(of id: ArtifactID) async throws -> Data {
        let (storage, objects) = try storage(of: await artifact(id))
        return try await objects.get(storage.reference.objectKey, expecting: storage.facts)
    }

    /// Where an artifact's bytes are, and the object storage that has them.
    ///
    /// - Throws: ``StoreError`` `notFound` when it is not completed, `conflict` when this store was not opened with that
    ///   storage.
    func storage(
        of artifact: GeneratedImageArtifact
    ) throws(StoreError) -> (storage: ArtifactStorage, objects: any ObjectStorage) {
        let id = artifact.artifactId
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
        return (storage, objects)
    }
}
