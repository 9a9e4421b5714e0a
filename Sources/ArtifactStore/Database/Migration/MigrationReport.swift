/// What a migration did, or on a copy would do.
public struct MigrationReport: Sendable {
    /// One migration that ran.
    public struct Step: Hashable, Sendable {
        /// The schema version it leads to.
        public let version: Int
        /// The file's name.
        public let name: String
        /// How long its statements took, in milliseconds.
        public let durationMs: Int64
    }

    /// How many rows a table had and has.
    public struct Table: Hashable, Sendable {
        public let name: String
        /// Nil when the migration makes the table.
        public let rowsBefore: Int64?
        /// Nil when the migration removes it.
        public let rowsAfter: Int64?
    }

    /// The schema version before.
    public let fromVersion: Int
    /// The schema version after.
    public let toVersion: Int
    /// The migrations that ran, in order; none when the store was current.
    public let steps: [Step]
    /// Every table with rows of its own, by name; none when the store was current.
    public let tables: [Table]
    /// The verified backup that was taken first; nil when none was asked for, or nothing was to be done.
    public internal(set) var backup: String?

    init(from: Int, to: Int, steps: [Step] = [], tables: [Table] = []) {
        (fromVersion, toVersion, self.steps, self.tables) = (from, to, steps, tables)
    }
}
