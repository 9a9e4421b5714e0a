internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// The main database file as a whole: making a new one, and reading the ledger without touching it.
enum StoreFile {
    /// `PRAGMA application_id` of every store: the ASCII letters `Arts`.
    static let applicationId: Int64 = 0x4172_7473

    /// Makes a store, with its whole schema, at a path that holds nothing or an empty file.
    ///
    /// It is built beside the path and renamed into place, so that no process ever sees a half-made file. The caller
    /// holds the file lock.
    ///
    /// - Throws: ``StoreError``.
    static func create(at path: StorePath, migrating migrator: Migrator, _ calls: FileSystemCalls) throws {
        try removeEmptyLog(of: path, calls)
        let draft = try StoreDraft(for: path, calls)
        defer { draft.discard() }
        let queue = try DatabaseQueue(path: draft.path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationId)")
            try db.execute(sql: "PRAGMA journal_mode = WAL")
        }
        _ = try migrator.migrate(queue)
        try emptyLog(queue)
        try queue.close()
        try draft.publish(replacing: true)
    }

    /// Carries the log of a draft over into its file. Closing would do so, too, but keeps silent when that fails: only
    /// the file gets the name.
    static func emptyLog(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    /// A log without its database belongs to one that was removed: SQLite would play it into the new one. An empty log
    /// holds nothing, and goes.
    ///
    /// - Throws: ``StoreError`` `unsafePath` when the log holds something.
    static func removeEmptyLog(of path: StorePath, _ calls: FileSystemCalls) throws(StoreError) {
        try requireNoLog(of: path)
        try removeLog(of: path, calls)
    }

    /// - Throws: ``StoreError`` `unsafePath` when a log or journal without its database holds something.
    static func requireNoLog(of path: StorePath) throws(StoreError) {
        for file in [path.writeAheadLog, path.rollbackJournal] {
            // A store that was made meanwhile has its file before its log.
            if (size(file) ?? 0) > 0, try path.inspect() != .store {
                throw StoreError(
                    .unsafePath, "\(file) is the log of a database that is not there",
                    hint: "Put the database back, or remove the -wal, -shm and -journal files with what they hold.")
            }
        }
    }

    /// Removes the log, its index and the rollback journal, where they are.
    static func removeLog(of path: StorePath, _ calls: FileSystemCalls) throws(StoreError) {
        for file in [path.writeAheadLog, path.writeAheadLogIndex, path.rollbackJournal] {
            try StoreError.naming("remove \(file)", as: .database) {
                do {
                    try calls.remove(file, from: nil)
                } catch let failure as SystemCallFailure where failure.code == ENOENT {}
            }
        }
    }

    /// The ledger of a store, read without leaving a trace.
    ///
    /// - Throws: ``StoreError``.
    static func ledger(at path: StorePath) throws -> [MigrationHistory.Entry] {
        try UntouchedStore.read(path) { connection, _ in try ledger(connection) }
    }

    /// The ledger of a store, in the snapshot of a bare connection.
    static func ledger(_ connection: RawConnection) throws(StoreError) -> [MigrationHistory.Entry] {
        guard try !connection.rows(hasLedger).isEmpty else { return [] }
        return try connection.rows(selectLedger).map { row in
            MigrationHistory.Entry(
                version: Int(row[0]) ?? 0, name: row[1], chainHash: row[2],
                appliedAt: Timestamp(clamping: Int64(row[3]) ?? 0), applicationVersion: row[4],
                durationMs: Int64(row[5]) ?? 0)
        }
    }

    /// Whether an ordinary read-only connection makes no file, or has a log to read that an immutable one would miss.
    static func hasLog(_ path: StorePath) -> Bool {
        // A rollback journal left by another program must be played back, which immutable connections do not do.
        if hasJournal(path) { return true }
        return size(path.writeAheadLog).map { $0 > 0 || hasIndex(path) } ?? false
    }

    /// Whether an ordinary connection makes an index of the log to read it, also a read-only one.
    static func lacksIndex(_ path: StorePath) -> Bool {
        (size(path.writeAheadLog) ?? 0) > 0 && !hasIndex(path)
    }

    /// Whether a program died while it wrote in rollback mode, so that its transaction may have to be undone.
    static func hasJournal(_ path: StorePath) -> Bool {
        (size(path.rollbackJournal) ?? 0) > 0
    }

    private static func hasIndex(_ path: StorePath) -> Bool {
        access(path.writeAheadLogIndex, F_OK) == 0
    }

    private static func size(_ file: String) -> Int64? {
        var status = stat()
        return lstat(file, &status) == 0 ? Int64(status.st_size) : nil
    }

    /// Undoes the transaction of a program that died while it wrote in rollback mode: read-only connections cannot, and
    /// are refused until somebody does (measured: SQLITE_READONLY_ROLLBACK). The caller holds the file lock.
    ///
    /// - Throws: ``StoreError``.
    static func undoUnfinished(_ path: StorePath) throws(StoreError) {
        guard hasJournal(path) else { return }
        let connection = try RawConnection(path: path.text, flags: SQLITE_OPEN_READWRITE)
        _ = try connection.rows("SELECT count(*) FROM sqlite_schema")
    }

    /// The ledger of a store, through an open connection.
    static func ledger(_ db: Database) throws -> [MigrationHistory.Entry] {
        guard try Row.fetchOne(db, sql: hasLedger) != nil else { return [] }
        return try Row.fetchAll(db, sql: selectLedger).map { row in
            MigrationHistory.Entry(
                version: row[0], name: row[1], chainHash: row[2], appliedAt: Timestamp(clamping: row[3]),
                applicationVersion: row[4], durationMs: row[5])
        }
    }

    /// The first 100 bytes of the file, zeros behind its end.
    ///
    /// Nothing else is read, made or locked.
    ///
    /// - Throws: ``StoreError`` when the file cannot be opened.
    static func header(at path: StorePath) throws(StoreError) -> [UInt8] {
        let bytes = try RawConnection(path: path.text, flags: SQLITE_OPEN_READONLY).bytes(100, at: 0)
        return bytes + [UInt8](repeating: 0, count: 100 - bytes.count)
    }

    private static let hasLedger = """
        SELECT 1 FROM (
            SELECT count(*) AS columns FROM pragma_table_info('schemaMigration')
            WHERE name IN ('version', 'name', 'chainHash', 'appliedAt', 'applicationVersion', 'durationMs'))
        WHERE columns = 6
        """
    private static let selectLedger = """
        SELECT version, name, chainHash, appliedAt, applicationVersion, durationMs FROM schemaMigration ORDER BY version
        """
}
