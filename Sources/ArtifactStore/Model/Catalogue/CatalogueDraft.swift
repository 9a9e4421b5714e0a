/// What a file declares: the declarations it makes, and what was left out of them.
struct CatalogueDraft {
    let source: CatalogueSource
    /// How many entries the file has: as many as there are declarations, entries that are no models, and refused ones.
    private(set) var entryCount = 0
    private(set) var declarations: [ModelDeclaration] = []
    private(set) var notModels: [CatalogueImportReport.NotModel] = []
    private(set) var refused: [CatalogueImportReport.Refusal] = []
    private(set) var notDeclared = NotDeclared()
    private var names: Set<[UInt8]> = []

    init(source: CatalogueSource) {
        self.source = source
    }

    /// Reads a file.
    ///
    /// - Throws: ``StoreError`` `invalidInput` when it is no JSON, not of that source's shape, or, of one's own lists,
    ///   wrong in anything.
    static func read(_ bytes: [UInt8], as source: CatalogueSource) throws(StoreError) -> CatalogueDraft {
        let json: JSONValue
        do {
            json = try JSONParser.parse(bytes)
        } catch {
            throw StoreError(.invalidInput, "the list of models is no JSON: \(error)", hint: "Mend the file.")
        }
        switch source {
        case .declared: return try DeclaredList.read(json)
        case .litellm: return try LiteLLMFile.read(json)
        case .openrouter: return try OpenRouterList.read(json)
        }
    }

    /// Takes over one entry's declaration, or notes why it cannot be.
    mutating func add(_ name: String, _ read: () throws(DeclarationFlaw) -> EntryReading) {
        entryCount += 1
        do throws(DeclarationFlaw) {
            let entry = try read()
            try entry.declaration.check()
            guard names.insert(Array(entry.declaration.model.utf8)).inserted else {
                throw DeclarationFlaw("model", "is there twice", hint: "Leave one out.")
            }
            declarations.append(entry.declaration)
            for gap in entry.gaps { notDeclared.add(gap, of: entry.declaration.model) }
        } catch {
            refused.append(
                CatalogueImportReport.Refusal(model: Self.shortened(name), field: error.field, reason: error.reason))
        }
    }

    mutating func add(notModel name: String, _ reason: String) {
        entryCount += 1
        notModels.append(CatalogueImportReport.NotModel(name: Self.shortened(name), reason: reason))
    }

    /// Names that are too long to be stored stand in reports.
    private static func shortened(_ name: String) -> String {
        name.utf8.count <= TextLimit.name ? name : String(name.unicodeScalars.prefix(60)) + "…"
    }
}

/// One entry as an importer reads it.
struct EntryReading {
    let declaration: ModelDeclaration
    /// What the source does not say, or says in a way that is not kept.
    let gaps: [DeclarationGap]
}

/// A field that stays unknown, and why.
struct DeclarationGap: Hashable {
    let field: String
    let reason: String

    init(_ field: String, _ reason: String) {
        self.field = field
        self.reason = reason
    }
}

/// Counts gaps by field and reason.
struct NotDeclared {
    private var groups: [DeclarationGap: (count: Int, examples: [String])] = [:]

    mutating func add(_ gap: DeclarationGap, of model: String) {
        var group = groups[gap] ?? (0, [])
        group.count += 1
        if group.examples.count < CatalogueImportReport.exampleCount { group.examples.append(model) }
        groups[gap] = group
    }

    var ordered: [CatalogueImportReport.Gap] {
        groups.sorted { ($0.key.field, $0.key.reason) < ($1.key.field, $1.key.reason) }.map {
            CatalogueImportReport.Gap(
                field: $0.key.field, reason: $0.key.reason, count: $0.value.count, examples: $0.value.examples)
        }
    }
}
