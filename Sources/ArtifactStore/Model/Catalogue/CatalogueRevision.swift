/// One revision of the model catalogue: what all models were declared to be after an import. It never changes.
public struct CatalogueRevision: Hashable, Sendable {
    /// Its number. Later revisions have larger ones.
    public let revision: Int64
    /// A digest of all its declarations: 64 lower-case hexadecimal digits, the same for the same declarations.
    public let sha256: String
    /// The source that was imported.
    public let source: CatalogueSource
    /// When.
    public let importedAt: Timestamp
    /// Whether it came with artifacts of another store. Such a one is kept for them, and is never the current one.
    public let isAdopted: Bool
    /// How many models it declares.
    public let modelCount: Int
}
