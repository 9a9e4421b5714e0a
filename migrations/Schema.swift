/// The schema's history: every migration, in order, as it stands in the files beside this one.
///
/// The bytes are compiled into the program, so that a deployed binary needs no file beside it.
public enum Schema {
    /// One step from a schema version to the next.
    public struct Migration: Sendable {
        /// The version the schema has afterwards: 1 for the first file, one more for each next one.
        public let version: Int
        /// The file's name.
        public let name: String
        /// The file's bytes.
        public let sql: [UInt8]
        /// The bytes of its verification, for a migration that has one.
        public var verification: [UInt8]?
    }

    /// All migrations, oldest first. A test compares this list with the directory and with `schema.sum`.
    public static let migrations = [
        Migration(version: 1, name: "0001_artifacts.sql", sql: PackageResources._001_artifacts_sql),
        Migration(version: 2, name: "0002_ledger_is_fixed.sql", sql: PackageResources._002_ledger_is_fixed_sql),
        Migration(
            version: 3, name: "0003_cached_input_usage.sql", sql: PackageResources._003_cached_input_usage_sql,
            verification: PackageResources._003_verification_sql),
        Migration(
            version: 4, name: "0004_deletion.sql", sql: PackageResources._004_deletion_sql,
            verification: PackageResources._004_verification_sql),
        Migration(
            version: 5, name: "0005_catalogue_cost_search.sql", sql: PackageResources._005_catalogue_cost_search_sql,
            verification: PackageResources._005_verification_sql),
    ]
}
