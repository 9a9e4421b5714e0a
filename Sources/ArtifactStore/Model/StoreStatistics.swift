/// What is in a store.
public struct StoreStatistics: Sendable {
    /// How many artifacts have each status.
    public let counts: StatusCounts
    /// How many failed artifacts have each failure type; types without one are left out.
    public let failures: [(type: ArtifactFailure.FailureType, count: Int)]
    /// How many pending artifacts have a claim that expired: what `sweep` would fail.
    public let expiredClaims: Int
    /// How many objects of deleted artifacts are still to be removed.
    public let waitingRemovals: Int
    /// When the first and the last artifact by sequence were created.
    public let firstCreatedAt: Timestamp?
    public let lastCreatedAt: Timestamp?
    /// The newest event's sequence; 0 without events.
    public let lastEventSequence: Int64
    /// The schema version of the file.
    public let schemaVersion: Int
    /// The size of the database in bytes, what is still in its log included.
    public let databaseBytes: Int64
}
