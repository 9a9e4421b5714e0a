/// What the catalogue said of the requested model when the artifact was begun.
public struct Admission: Hashable, Sendable {
    /// Whether the model was declared to make images; `unknown` also where no catalogue was there.
    public let imageGenerationSupport: DeclaredSupport
    /// The catalogue revision in force. Nil where none was there.
    public let catalogueRevision: Int64?
}
