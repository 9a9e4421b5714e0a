internal import GRDB

/// Whether a database is sound: the structure of its pages and indexes, and its foreign keys.
enum StoreCheck {
    /// - Parameter subject: What is checked, in words, for messages.
    /// - Throws: ``StoreError`` `database` with the first finding.
    static func run(_ db: Database, of subject: String, _ progress: ProgressReporter) throws {
        progress.report(.checking, subject)
        if let violation = try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") {
            throw StoreError(
                .database,
                "\(subject) has rows of \(violation[0] as String) without their parent in \(violation[2] as String)",
                hint: "Nothing was changed; restore a backup of the store.")
        }
        let finding = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)")
        guard finding == "ok" else {
            throw StoreError(
                .database, "the integrity check of \(subject) says: \(finding ?? "nothing")",
                hint: "Nothing was changed; restore a backup of the store.")
        }
    }
}
