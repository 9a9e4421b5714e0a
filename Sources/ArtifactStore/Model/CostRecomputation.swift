/// What became of the computed costs that were computed anew.
public struct CostRecomputation: Hashable, Sendable {
    /// The catalogue revision whose prices were used.
    public let revision: Int64
    /// Artifacts whose cost is another one now. Each has an event of the kind `cost_recomputed`.
    public internal(set) var changed: Int64 = 0
    /// Artifacts whose cost is the same by these prices.
    public internal(set) var unchanged: Int64 = 0
    /// Artifacts whose model these prices do not cover. They keep the cost they had.
    public internal(set) var withoutPrice: Int64 = 0
}
