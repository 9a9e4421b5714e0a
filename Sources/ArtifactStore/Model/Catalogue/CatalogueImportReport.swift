/// What an import of models did.
///
/// Every entry of the file is in one of `added`, `changed`, `unchanged`, `keptFromOtherSource`, `notModels` and
/// `refused`; together they are `entryCount`.
public struct CatalogueImportReport: Sendable {
    /// An entry that is no model, such as a template.
    public struct NotModel: Hashable, Sendable {
        /// The entry's name in the file.
        public let name: String
        /// What tells that it is none.
        public let reason: String
    }

    /// A model that was left out, since what the file says about it is malformed or contradicts itself.
    public struct Refusal: Hashable, Sendable {
        /// The entry's name in the file.
        public let model: String
        /// The field that is wrong.
        public let field: String
        /// What about it.
        public let reason: String
    }

    /// Something that stays unknown of some models that were imported.
    public struct Gap: Hashable, Sendable {
        /// The field's wire name.
        public let field: String
        /// Why it stays unknown.
        public let reason: String
        /// Of how many models.
        public let count: Int
        /// The first of them in the file, at most ``CatalogueImportReport/exampleCount``.
        public let examples: [String]
    }

    /// How many models a ``Gap`` names at most.
    public static let exampleCount = 5

    /// The revision that was made; nil when the catalogue was so before.
    public internal(set) var revision: Int64?
    /// Where the file is from.
    public let source: CatalogueSource
    /// How many entries the file has.
    public let entryCount: Int
    /// Models that the catalogue did not have.
    public internal(set) var added: [String] = []
    /// Models that are declared otherwise now.
    public internal(set) var changed: [ModelChange] = []
    /// How many models are declared as before.
    public internal(set) var unchanged = 0
    /// Models that another source declares, which goes before this one.
    public internal(set) var keptFromOtherSource: [String] = []
    /// Entries that are no models.
    public let notModels: [NotModel]
    /// Models that were left out.
    public let refused: [Refusal]
    /// Models of this source that the file does not declare any more.
    public internal(set) var removed: [String] = []
    /// What stays unknown, by field and reason.
    public let notDeclared: [Gap]

    init(_ draft: CatalogueDraft) {
        source = draft.source
        entryCount = draft.entryCount
        notModels = draft.notModels
        refused = draft.refused
        notDeclared = draft.notDeclared.ordered
    }
}
