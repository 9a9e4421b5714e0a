extension ArtifactStore {
    /// Makes the index of prompts and the sums of usage anew from the artifacts, and tells whether they were in step.
    ///
    /// Triggers keep both in step, whoever writes, so that this is for a file that was damaged or written to without
    /// them, and for ridding the index of the words of deleted prompts. One transaction has the database alone
    /// meanwhile: other writers wait, and readers go on.
    ///
    /// - Parameter progress: Called often, from another thread.
    /// - Throws: ``StoreError`` `readOnly`, `busy`, `database` when a sum does not fit or the disk is full (nothing has
    ///   changed then), `outcomeUnknown` (repeat it).
    public func rebuildIndexes(
        progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> IndexReport {
        try await repository.rebuildIndexes(ProgressReporter(progress))
    }
}
