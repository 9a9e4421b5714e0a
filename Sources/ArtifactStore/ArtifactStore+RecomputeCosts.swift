extension ArtifactStore {
    /// Computes costs anew from the prices of the catalogue revision in force: after a price was corrected.
    ///
    /// Only costs that were computed are computed again; what a provider reported, and what nobody knows, stays. An
    /// artifact's record never changes: a new computation stands beside the earlier ones, and an event tells of it. Page
    /// by page: a call that was interrupted can be repeated.
    ///
    /// - Parameter filter: Of which artifacts, such as those since the price holds.
    /// - Throws: ``StoreError`` `notFound` when the catalogue is empty, `invalidInput` for a search that cannot
    ///   be asked, `busy`, `outcomeUnknown` (repeat it), `readOnly`, `database`.
    @discardableResult
    public func recomputeCosts(where filter: ArtifactFilter = ArtifactFilter()) async throws -> CostRecomputation {
        var total = CostRecomputation(revision: try await repository.revisionInForce())
        for try await page in artifacts(where: filter, order: .oldestFirst) {
            let computed = page.artifacts.filter { $0.computedCost != nil }.map(\.artifactId)
            if !computed.isEmpty { total = try await repository.recompute(computed, into: total) }
        }
        return total
    }
}
