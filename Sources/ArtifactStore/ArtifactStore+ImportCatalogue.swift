extension ArtifactStore {
    /// Imports a list of models into the catalogue, and makes a new revision when that changes anything.
    ///
    /// A source's declarations are replaced by those of its new file. One's own (`declared`) take over models of other
    /// sources; the others never touch a model that another source declares. Nothing is read off a name, and what a
    /// source is silent about stays unknown; the report says which fields of how many models, and why.
    ///
    /// - Parameters:
    ///   - bytes: The file: JSON in the source's form (`Docs/CATALOGUE.md`), at most 100,000 models of one's own.
    ///   - source: What it is.
    /// - Throws: ``StoreError`` `invalidInput` for what is not of that form, and naming model and field for anything
    ///   wrong in a list of one's own; then nothing is imported. Of other sources' files, models that contradict
    ///   themselves are left out and reported, and stay as they were declared; without any model they are refused, too. `busy`, `readOnly`, `outcomeUnknown` (import again), `database`.
    public func importCatalogue(
        _ bytes: [UInt8], as source: CatalogueSource = .declared
    ) async throws -> CatalogueImportReport {
        let draft = try CatalogueDraft.read(bytes, as: source)
        // An error page in JSON, or an empty answer, would take every model of the source away.
        guard !draft.declarations.isEmpty || source == .declared else {
            throw StoreError.invalid(
                "the list of models", "declares no model", hint: "Get the file again; was --source right?")
        }
        return try await repository.importCatalogue(draft)
    }
}
