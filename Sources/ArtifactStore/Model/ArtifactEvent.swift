/// One line of an artifact's history, appended by the database in the transaction that changed the artifact.
public struct ArtifactEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case created
        /// An expired claim was taken over.
        case takenOver = "taken_over"
        case completed
        case failed
        /// The artifact is gone; its events are the tombstone.
        case deleted
        /// Its computed cost was computed anew, from the prices of another catalogue revision.
        case costRecomputed = "cost_recomputed"
    }

    /// Grows with every event of the store, without ever being reused.
    public let sequence: Int64
    public let kind: Kind
    public let artifactId: ArtifactID
    public let parentRunId: String
    public let occurredAt: Timestamp
    /// Who held the claim.
    public let claimOwner: String
    public let fencingToken: Int64
    /// With `failed`: how.
    public let failureType: ArtifactFailure.FailureType?
}
