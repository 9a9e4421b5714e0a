import GRDB

@testable import ArtifactStore

/// What a store holds: its schema version, and every row of the tables that have any. Equal stores have equal contents, whatever
/// happened to the files.
struct StoreContents: Equatable, CustomStringConvertible {
    let version: Int
    let rows: [String: TableContents]

    var description: String {
        "version \(version), "
            + rows.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.rowCount)" }
            .joined(separator: ", ")
    }

    /// Opens the file as a program would after a crash: a log is played back.
    ///
    /// - Throws: When it is damaged, or its schema is not one that the history makes.
    init(at path: String) throws {
        let queue = try DatabaseQueue(path: path)
        (version, rows) = try queue.writeWithoutTransaction { db in
            try StoreCheck.run(db, of: path, ProgressReporter { _ in })
            let version = try StoreFile.ledger(db).count
            let differences = try SchemaShape(db).differences(
                from: MigrationHistory.embedded.replayed(to: version).shape)
            guard differences.isEmpty else { throw Altered(differences: differences) }
            var rows: [String: TableContents] = [:]
            // Not the ledger: it tells the time.
            for table in try StoreTable.all(db) where table.name != "schemaMigration" {
                let contents = try TableContents(db, of: table, columns: table.columns)
                if contents.rowCount > 0 { rows[table.name] = contents }
            }
            return (version, rows)
        }
        try queue.close()
    }

    struct Altered: Error { let differences: [SchemaDifference] }

    /// The same store as a backup keeps it.
    func withoutSignedURLs() -> StoreContents {
        StoreContents(version: version, rows: rows.filter { $0.key != "signedUrl" })
    }

    private init(version: Int, rows: [String: TableContents]) {
        (self.version, self.rows) = (version, rows)
    }
}
