/// What one revision of the model catalogue declares otherwise than another.
public struct CatalogueDiff: Hashable, Sendable {
    /// The revision that is compared with.
    public let from: Int64
    /// The revision that is looked at.
    public let to: Int64
    /// Models that only the second one declares.
    public let added: [String]
    /// Models that only the first one declares.
    public let removed: [String]
    /// Models that both declare, and what differs.
    public let changed: [ModelChange]
}
