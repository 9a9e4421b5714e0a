/// One line of `catalogue.ndjson`: a catalogue revision with everything it declares. Its digest names it, since its number
/// belongs to one store.
struct CatalogueLine: Sendable {
    let sha256: String
    let source: CatalogueSource
    let importedAt: Timestamp
    let isAdopted: Bool
    let snapshot: CatalogueSnapshot

    var text: String {
        JSONValue.object(fields: [
            ("sha256", .string(sha256)), ("source", .string(source.rawValue)),
            ("importedAt", .string(importedAt.description)), ("isAdopted", .bool(isAdopted)),
            ("models", .array(snapshot.declarations.map(\.json))),
        ]).compactText
    }

    /// - Throws: ``StoreError`` `invalidInput` naming the field, or the model.
    static func parse(_ json: JSONValue) throws -> CatalogueLine {
        let fields = try JSONFields(
            json, "catalogue", known: ["sha256", "source", "importedAt", "isAdopted", "models"])
        guard let models = json["models"]?.array, let isAdopted = json["isAdopted"]?.bool else {
            throw StoreError.invalid("models", "is no list, or isAdopted is missing", hint: "Export again.")
        }
        let snapshot = CatalogueSnapshot(
            try models.enumerated().map { index, model in
                var declaration = try ModelDeclaration.parse(model, "models[\(index)]")
                guard let source = model["source"]?.string.flatMap(CatalogueSource.init(rawValue:)) else {
                    throw StoreError.invalid("models[\(index)].source", "is an unknown word", hint: "Export again.")
                }
                declaration.source = source
                try declaration.validate()
                return declaration
            })
        let line = CatalogueLine(
            sha256: try fields.requiredText("sha256"), source: try fields.word("source"),
            importedAt: try fields.time("importedAt"), isAdopted: isAdopted, snapshot: snapshot)
        guard snapshot.digest == line.sha256 else {
            throw StoreError.invalid("sha256", "is not the digest of the models", hint: "Export again.")
        }
        return line
    }
}

extension ExportFolder {
    /// Hands on the catalogue's revisions in their order; none where the export has no catalogue.
    func forEachRevision(_ body: (CatalogueLine) throws -> Void) throws {
        guard let entry = manifest.catalogue else { return }
        var reader = try lines(entry)
        while let line = try reader.next() {
            try body(
                reader.value(of: line.bytes, number: line.number) {
                    try CatalogueLine.parse($0)
                } text: {
                    $0.text
                })
        }
    }
}
