/// What becomes of a request for a model of which nobody declared whether it makes images.
public enum UnknownModelPolicy: Sendable {
    /// It is begun, and marked as unknown.
    case admit
    /// It fails at once with `unsupported_model`, as one that is declared to make none.
    case refuse
}
