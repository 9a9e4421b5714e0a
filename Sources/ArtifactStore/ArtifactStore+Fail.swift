extension ArtifactStore {
    /// Records the artifact as failed, with what to do about it.
    ///
    /// - Parameters:
    ///   - execution: What ran, as far as known.
    ///   - usage: What it took all the same, as far as known.
    /// - Throws: ``StoreError`` `invalidInput`, `claimLost`, `alreadyFinished`, `notFound`, `busy`, `outcomeUnknown`.
    public func fail(
        _ claim: Claim, _ failure: ArtifactFailure, execution: ModelExecution? = nil, usage: Usage? = nil
    ) async throws {
        try failure.validate()
        try execution?.validate()
        try usage?.validate()
        try await finish(claim, .failed(failure, execution, usage))
    }
}
