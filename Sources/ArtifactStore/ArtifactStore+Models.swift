extension ArtifactStore {
    /// The models a filter holds for, ordered by the bytes of their names.
    ///
    /// - Parameter revision: Of the catalogue; the current one unless given.
    /// - Throws: ``StoreError`` `invalidInput` for a filter that no model can pass, `notFound` when there is no such
    ///   revision, `database`.
    public func models(
        where filter: ModelFilter = ModelFilter(), revision: Int64? = nil
    ) async throws -> [ModelDeclaration] {
        try filter.validate()
        return try await repository.declarations(in: revision).declarations.filter(filter.holds)
    }

    /// What a model was declared to be, by its exact name.
    ///
    /// - Parameter revision: Of the catalogue; the current one unless given.
    /// - Throws: ``StoreError`` `invalidInput` for a name that no model has, `notFound` when the revision is not there or
    ///   does not declare the model, `database`.
    public func model(_ name: String, revision: Int64? = nil) async throws -> ModelDeclaration {
        try TextRule.check(name, "model")
        guard let declaration = try await repository.declaration(of: name, in: revision) else {
            throw StoreError(
                .notFound, "the catalogue does not declare a model \"\(name)\"",
                hint: "Check its name, or import a list that has it: artifacts models import FILE")
        }
        return declaration
    }
}
