extension ArtifactStore {
    /// One artifact by its id.
    ///
    /// - Throws: ``StoreError`` `notFound` (the message says so when it was deleted), `database`.
    public func artifact(_ id: ArtifactID) async throws -> GeneratedImageArtifact {
        if let artifact = try await repository.artifact(id) { return artifact }
        guard let deletedAt = try await repository.deletedAt(id) else { throw StoreError.noArtifact(id) }
        throw StoreError.deleted(id, at: deletedAt)
    }

    /// The artifact whose bytes are at a storage reference.
    ///
    /// - Throws: ``StoreError`` `notFound`, `database`.
    public func artifact(at reference: StorageReference) async throws -> GeneratedImageArtifact {
        guard let artifact = try await repository.artifact(at: reference) else {
            throw StoreError(
                .notFound, "no artifact is stored at \(reference.kind):\(reference.bucket)/\(reference.objectKey)",
                hint: "Check kind, bucket and key.", storage: reference)
        }
        return artifact
    }
}
