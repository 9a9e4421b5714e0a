extension ArtifactStore {
    /// The revisions of the model catalogue, the first one first.
    ///
    /// - Throws: ``StoreError`` `database`.
    public func catalogueRevisions() async throws -> [CatalogueRevision] {
        try await repository.catalogueRevisions()
    }

    /// What one revision of the catalogue declares otherwise than another.
    ///
    /// - Parameters:
    ///   - from: The revision that is compared with.
    ///   - to: The revision that is looked at; the current one unless given.
    /// - Throws: ``StoreError`` `notFound` when one of them is not there, `database`.
    public func catalogueDiff(from: Int64, to: Int64? = nil) async throws -> CatalogueDiff {
        try await repository.catalogueDiff(from: from, to: to)
    }
}
