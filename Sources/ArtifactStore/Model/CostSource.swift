/// Where an artifact's cost comes from.
public enum CostSource: String, Hashable, Sendable, CaseIterable {
    /// The provider's answer, or the host, said what it cost.
    case providerReported = "provider_reported"
    /// The store computed it from the usage and the prices of a catalogue revision.
    case computed
    /// Nobody knows. It is not 0.
    case unknown
}

extension GeneratedImageArtifact {
    /// What the image cost: as reported, else as computed last. Nil when nobody knows, and for an artifact whose usage
    /// another one covers (``Usage/includedInArtifactId``).
    public var cost: Cost? { usage?.cost ?? computedCost?.cost }

    /// Where ``cost`` comes from. Nil while the artifact is pending, and where another one's usage covers it.
    public var costSource: CostSource? {
        guard status != .pending, usage?.includedInArtifactId == nil else { return nil }
        if usage?.cost != nil { return .providerReported }
        return computedCost == nil ? .unknown : .computed
    }
}
