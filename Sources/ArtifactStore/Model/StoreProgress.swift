/// How far work on a whole store has come: copying, checking, migrating, exporting.
public struct StoreProgress: Sendable {
    /// What is being done.
    public enum Phase: String, Sendable {
        /// Pages are copied; counted in bytes.
        case copying
        /// Integrity, foreign keys and schema are checked; not counted.
        case checking
        /// Rows are counted and hashed, to be compared with those before or after; counted in tables.
        case comparing
        /// Migrations run; counted in statements.
        case migrating
        /// Artifacts are written to an export; counted in artifacts.
        case exporting
        /// Artifacts of an export are written to the store; counted in artifacts.
        case importing
        /// Artifacts are deleted; counted in artifacts.
        case deleting
        /// Objects of deleted artifacts are removed; counted in objects.
        case removing
        /// Objects of a bucket are listed and looked up in the database; counted in objects.
        case listing
        /// Objects of completed artifacts are looked up, or read; counted in artifacts.
        case verifying
        /// A plan is applied; counted in its actions.
        case applying
        /// The index of prompts and the sums of usage are made anew; not counted.
        case rebuilding
    }

    public let phase: Phase
    /// The file or table that is worked on.
    public let subject: String
    /// How much is done, in the phase's own measure.
    public let completed: Int64
    /// How much there is; nil when that is not known.
    public let total: Int64?
}
