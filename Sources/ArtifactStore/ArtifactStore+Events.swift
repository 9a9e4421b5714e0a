extension ArtifactStore {
    /// What happened behind a sequence, in order. To follow the store, ask again with the last event's sequence.
    ///
    /// - Parameters:
    ///   - sequence: The last event seen; 0 for the beginning.
    ///   - artifactId: Only this artifact's history.
    ///   - limit: How many events, held to 1...1000.
    /// - Throws: ``StoreError`` `database`.
    public func events(
        after sequence: Int64 = 0, of artifactId: ArtifactID? = nil, limit: Int = 100
    ) async throws -> [ArtifactEvent] {
        try await repository.events(
            after: sequence, of: artifactId, limit: min(max(limit, 1), Self.largestPage))
    }
}
