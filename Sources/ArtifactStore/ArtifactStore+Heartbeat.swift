extension ArtifactStore {
    /// Renews a claim from now on, for work that takes longer than the claim lasts.
    ///
    /// - Parameter duration: How long it lasts from now, one millisecond to 30 days. Nil takes the store's usual one.
    /// - Returns: The claim with its new expiry.
    /// - Throws: ``StoreError`` `claimLost` (stop working), `alreadyFinished`, `notFound`, `busy`, `outcomeUnknown`.
    public func heartbeat(_ claim: Claim, for duration: Duration? = nil) async throws -> Claim {
        try await repository.heartbeat(claim, for: checked(duration))
    }
}
