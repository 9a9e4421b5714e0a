extension ArtifactStore {
    /// What is in the store, from one snapshot. It counts index entries: about 30 ms for a million artifacts.
    ///
    /// - Throws: ``StoreError`` `database`.
    public func statistics() async throws -> StoreStatistics {
        try await repository.statistics()
    }
}
