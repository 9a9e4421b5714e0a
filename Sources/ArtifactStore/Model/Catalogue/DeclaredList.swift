/// One's own list of models: `{"models": [ … ]}` in the wire form of ``ModelDeclaration``.
///
/// It is written by hand for this store, so that anything wrong in it is a mistake: then all of it is refused.
enum DeclaredList {
    static let largestCount = 100_000

    static func read(_ json: JSONValue) throws(StoreError) -> CatalogueDraft {
        let fields = try JSONFields(json, "the list of models", known: ["models"])
        guard let models = try fields.required("models").array else {
            throw .invalid("models", "is not an array", hint: "List the models in it.")
        }
        guard models.count <= largestCount else {
            throw .invalid("models", "has \(models.count) elements", hint: "At most \(largestCount) are imported.")
        }
        var draft = CatalogueDraft(source: .declared)
        for (index, model) in models.enumerated() {
            let declaration = try ModelDeclaration.parse(model, "models[\(index)]")
            try declaration.validate()
            draft.add(declaration.model) { () throws(DeclarationFlaw) in
                EntryReading(declaration: declaration, gaps: [])
            }
            if let refusal = draft.refused.first {
                throw .invalid(
                    "models[\(index)] \"\(refusal.model.prefix(64))\"", "cannot be declared: \(refusal.reason)",
                    hint: "Nothing was imported. Mend the list.")
            }
        }
        return draft
    }
}
