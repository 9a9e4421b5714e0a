/// What failures are counted by. The type of the failure always tells groups apart.
public enum FailureGrouping: String, Hashable, Sendable, CaseIterable {
    case type
    /// The model that was asked for.
    case model
    case provider
}

/// Failures that have much in common.
public struct FailureGroup: Hashable, Sendable {
    /// The model or provider; nil when grouped by type alone, and for failures that came before a provider was known.
    public let key: String?
    public let type: ArtifactFailure.FailureType
    /// How many artifacts failed so.
    public internal(set) var count: Int
    /// Of those, how many may be tried again.
    public internal(set) var retryableCount: Int
    /// When the last of them failed.
    public internal(set) var lastFailedAt: Timestamp
    /// The last of them: its message, guidance and action say what to do.
    public internal(set) var lastArtifactId: ArtifactID
    public internal(set) var lastFailure: ArtifactFailure
}
