extension ArtifactStore {
    /// Fails every pending artifact whose claim has expired, with `generation_failed` and guidance.
    ///
    /// An artifact whose claim is alive is never touched. Run it from time to time, in any process.
    ///
    /// - Returns: The ids of the artifacts it failed.
    /// - Throws: ``StoreError`` `busy`, `outcomeUnknown` (run it again).
    public func sweep() async throws -> [ArtifactID] {
        try await repository.sweep()
    }
}
