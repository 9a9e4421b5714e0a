/// What rebuilding found in the indexes that triggers keep.
public struct IndexReport: Sendable {
    /// Whether the index of prompts held the words of every prompt and revised prompt, and no others.
    public let searchWasInStep: Bool
    /// Whether the sums of usage by day were those of the artifacts.
    public let usageWasInStep: Bool
}
