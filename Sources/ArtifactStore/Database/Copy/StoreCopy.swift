internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// Copies a store, in use or not, into one file, and proves that the copy is whole.
///
/// The copy is one snapshot, made with SQLite's backup API. It is in rollback mode, so that it is one file: reading it
/// leaves no log beside it.
struct StoreCopy {
    let source: StorePath
    let history: MigrationHistory
    let progress: ProgressReporter
    /// Whether what was signed is copied, too. A backup leaves it out: it tells who was shown what, and losing it loses
    /// nothing.
    var keepsSignedURLs = false
    /// Whether the copy is to be a live store, in WAL mode, where its readers are noticed, and a first writer need not
    /// switch its mode.
    var isLive = false

    /// What a copy holds.
    struct Contents: Equatable {
        let version: Int
        /// The number of rows of each table, by name.
        let rows: [String: Int64]
        let byteCount: Int64
    }

    /// How many bytes are copied between two reports.
    private static let chunkBytes: Int32 = 4 << 20

    /// Fills an empty file that the caller has made.
    ///
    /// - Throws: ``StoreError`` `storeTooNew`, `schemaMismatch` or `notAnArtifactStore` about the source, `database`
    ///   when the source is damaged or the copy is not what was copied, `busy` when the source changed meanwhile.
    func write(to draft: String) throws -> Contents {
        let before = StoreState(source)
        return try UntouchedStore.read(source) { snapshot, isUnlocked in
            try snapshot.execute("BEGIN")
            let version = try version(snapshot)
            let expected = try rows(snapshot)
            let queue = try DatabaseQueue(path: draft, configuration: Self.configuration)
            let contents = try queue.inDatabase { db in
                try copyPages(from: snapshot, to: db)
                if isUnlocked, StoreState(source) != before {
                    throw StoreError(
                        .busy, "\(source.text) was written to while it was copied", hint: "Try again in a moment.")
                }
                return try progress.whileTicking(db.sqliteConnection) { try finish(db, version, expected) }
            }
            try queue.close()
            if isLive { try makeLive(draft) }
            return contents
        }
    }

    /// On a connection of its own: the one that filled the copy does not let go of it in this mode.
    private func makeLive(_ draft: String) throws {
        let queue = try DatabaseQueue(path: draft)
        let mode = try queue.writeWithoutTransaction { db in
            try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        }
        guard mode == "wal" else { throw Self.wrongMode(mode) }
        try StoreFile.emptyLog(queue)
        try queue.close()
    }

    private static func wrongMode(_ mode: String?) -> StoreError {
        StoreError(
            .database, "the copy stays in journal mode \(mode ?? "unknown")", hint: "Check the SQLite library.")
    }

    /// The draft is nobody's yet: no journal is kept of it, and nothing is synced before it is whole.
    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "ArtifactStore.copy"
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
                    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
                    PRAGMA secure_delete = ON
                    """)
        }
        return configuration
    }

    private func version(_ snapshot: RawConnection) throws -> Int {
        let ledger = try StoreFile.ledger(snapshot)
        guard !ledger.isEmpty else { throw StoreError.noSchema(source) }
        _ = try history.standing(of: ledger)
        return ledger.count
    }

    private func rows(_ snapshot: RawConnection) throws -> [String: Int64] {
        let names = try snapshot.rows(
            """
            SELECT name FROM pragma_table_list
            WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
            """)
        var rows: [String: Int64] = [:]
        for name in names.map({ $0[0] }) {
            let count = try snapshot.rows("SELECT count(*) FROM \(name.quotedDatabaseIdentifier)")
            rows[name] = count.first.flatMap { Int64($0[0]) } ?? 0
        }
        return rows
    }

    private func copyPages(from snapshot: RawConnection, to db: Database) throws {
        let pageBytes = try snapshot.rows("PRAGMA page_size").first.flatMap { Int32($0[0]) } ?? 4096
        guard let backup = sqlite3_backup_init(db.sqliteConnection, "main", snapshot.pointer, "main") else {
            throw failure(db, sqlite3_errcode(db.sqliteConnection))
        }
        var code = SQLITE_OK
        while code == SQLITE_OK {
            // The snapshot stays open between steps, so that writers elsewhere never make the copy start again.
            code = sqlite3_backup_step(backup, Self.chunkBytes / pageBytes)
            let total = Int64(sqlite3_backup_pagecount(backup)) * Int64(pageBytes)
            let left = Int64(sqlite3_backup_remaining(backup)) * Int64(pageBytes)
            progress.report(.copying, source.text, total - left, of: total)
        }
        let result = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, result == SQLITE_OK else { throw failure(db, code == SQLITE_DONE ? result : code) }
    }

    /// Makes one file of it, without what a copy leaves out, and compares it with the source.
    private func finish(_ db: Database, _ version: Int, _ source: [String: Int64]) throws -> Contents {
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
        guard mode == "delete" else { throw Self.wrongMode(mode) }
        try SchemaShape(db).require(history, at: version)
        var expected = source
        if !keepsSignedURLs {
            try db.execute(sql: "DELETE FROM signedUrl")
            expected["signedUrl"] = 0
        }
        try StoreCheck.run(db, of: "the copy of \(self.source.text)", progress)
        var actual: [String: Int64] = [:]
        for name in expected.keys {
            actual[name] = try Int64.fetchOne(db, sql: "SELECT count(*) FROM \(name.quotedDatabaseIdentifier)")
        }
        guard actual == expected else {
            let names = expected.keys.filter { actual[$0] != expected[$0] }.sorted().joined(separator: ", ")
            throw StoreError(
                .database, "the copy has other numbers of rows in \(names)", hint: "Check the disk, and try again.")
        }
        let pages = try Int64.fetchOne(
            db, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return Contents(version: version, rows: actual, byteCount: pages ?? 0)
    }

    private func failure(_ db: Database, _ code: Int32) -> StoreError {
        .sqlite(code, sqlite3_errmsg(db.sqliteConnection).map { String(cString: $0) } ?? "nothing more")
    }
}

/// What changes when somebody writes to a store, or opens it to write.
private struct StoreState: Equatable {
    private struct File: Equatable {
        let identity: FileIdentity
        let byteCount: Int64
        let modifiedAt: Timestamp
    }

    private let files: [File?]

    init(_ path: StorePath) {
        files = [path.text, path.writeAheadLog, path.writeAheadLogIndex, path.rollbackJournal].map { name in
            var status = stat()
            guard lstat(name, &status) == 0 else { return nil }
            let found = FileStatus(status)
            return File(identity: found.identity, byteCount: found.byteCount, modifiedAt: found.modifiedAt)
        }
    }
}
