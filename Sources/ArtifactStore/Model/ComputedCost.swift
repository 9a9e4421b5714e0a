/// A cost that was computed from declared prices. It stands beside the terminal record, which never changes.
public struct ComputedCost: Hashable, Sendable {
    public let cost: Cost
    /// The catalogue revision whose prices it is computed from.
    public let catalogueRevision: Int64
    public let computedAt: Timestamp
}
