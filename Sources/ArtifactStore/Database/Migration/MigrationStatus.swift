/// Where a store stands in the history of the schema.
public struct MigrationStatus: Sendable {
    /// A migration that the store has been through, as its ledger says.
    public struct Applied: Sendable {
        public let version: Int
        /// The file's name.
        public let name: String
        /// The hash that chains it to all before it.
        public let chainHash: String
        public let appliedAt: Timestamp
        /// The version of the program that applied it.
        public let applicationVersion: String
        /// How long its statements took, in milliseconds.
        public let durationMs: Int64
    }

    /// A migration that this build has and the store lacks.
    public struct Pending: Sendable {
        public let version: Int
        /// The file's name.
        public let name: String
    }

    /// The store's schema version.
    public let schemaVersion: Int
    /// The schema version of this build.
    public let newestVersion: Int
    /// What the store has been through, oldest first.
    public let applied: [Applied]
    /// What it lacks, in the order in which it would be applied.
    public let pending: [Pending]
    /// Why this build does not open the store, when its history is another one; nil when it would open or migrate it.
    public let refusal: StoreError?
}
