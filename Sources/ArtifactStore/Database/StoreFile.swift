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
    static func create(at path: StorePath, migrating migrator: Migrator) throws {
        try refuseLeftoverLog(of: path)
        let draft = "\(path.text).new-\(getpid())"
        let remains = ["", "-wal", "-shm"].map { draft + $0 }
        for name in remains { unlink(name) }
        defer { for name in remains { unlink(name) } }
        try make(draft)
        let queue = try DatabaseQueue(path: draft)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationId)")
            try db.execute(sql: "PRAGMA journal_mode = WAL")
        }
        _ = try migrator.migrate(queue)
        // The only connection: closing it empties the log into the file.
        try queue.close()
        try sync(draft)
        guard rename(draft, path.text) == 0 else { throw systemFailure("rename", draft) }
        try sync(path.folder)
    }

    /// A log without its database belongs to one that was removed: SQLite would play it into the new one. An empty log
    /// holds nothing, and goes.
    private static func refuseLeftoverLog(of path: StorePath) throws(StoreError) {
        var status = stat()
        if lstat(path.writeAheadLog, &status) == 0, status.st_size > 0 {
            throw StoreError(
                .unsafePath, "\(path.writeAheadLog) is the log of a database that is not there",
                hint: "Put the database back, or remove the -wal and -shm files with what they hold.")
        }
        unlink(path.writeAheadLog)
        unlink(path.writeAheadLogIndex)
    }

    private static func make(_ file: String) throws(StoreError) {
        let descriptor = open(file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw systemFailure("make", file) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw systemFailure("restrict", file) }
    }

    /// Syncs a file, or the names in a folder. No connection is open on it: closing the descriptor would drop locks.
    private static func sync(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemFailure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw systemFailure("sync", path) }
    }

    /// The ledger of a store, read without leaving a trace.
    ///
    /// Without a log (``hasLog(_:)``) the file is opened as immutable: an ordinary read-only connection would make a log
    /// and its index, beside a store that is about to be refused. With one it is never opened so: an immutable
    /// connection would miss what is in the log, and closing it drops the POSIX locks that this process holds on the
    /// file through another one.
    ///
    /// - Throws: ``StoreError``.
    static func ledger(at path: StorePath) throws(StoreError) -> [MigrationHistory.Entry] {
        let connection =
            try hasLog(path)
            ? RawConnection(path: path.text, flags: SQLITE_OPEN_READONLY)
            : RawConnection(
                path: "file:\(percentEncoded(path.text))?immutable=1", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
        guard try !connection.rows(hasLedger).isEmpty else { return [] }
        return try connection.rows(selectLedger).map { row in
            MigrationHistory.Entry(
                version: Int(row[0]) ?? 0, name: row[1], chainHash: row[2], applicationVersion: row[3])
        }
    }

    /// Whether an ordinary read-only connection makes no file, or has a log to read that an immutable one would miss.
    static func hasLog(_ path: StorePath) -> Bool {
        var status = stat()
        guard lstat(path.writeAheadLog, &status) == 0 else { return false }
        return status.st_size > 0 || access(path.writeAheadLogIndex, F_OK) == 0
    }

    /// The ledger of a store, through an open connection.
    static func ledger(_ db: Database) throws -> [MigrationHistory.Entry] {
        guard try Row.fetchOne(db, sql: hasLedger) != nil else { return [] }
        return try Row.fetchAll(db, sql: selectLedger).map { row in
            MigrationHistory.Entry(version: row[0], name: row[1], chainHash: row[2], applicationVersion: row[3])
        }
    }

    /// The first 100 bytes of the file, zeros behind its end.
    ///
    /// Read through SQLite's own descriptor: closing any other one would drop the POSIX locks that this process holds
    /// on the file (sqlite.org/howtocorrupt.html, section 2.2). Nothing else is read, made or locked.
    ///
    /// - Throws: ``StoreError`` when the file cannot be opened.
    static func header(at path: StorePath) throws(StoreError) -> [UInt8] {
        try RawConnection(path: path.text, flags: SQLITE_OPEN_READONLY).header()
    }

    private static let hasLedger = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schemaMigration'"
    private static let selectLedger = """
        SELECT version, name, chainHash, applicationVersion FROM schemaMigration ORDER BY version
        """

    private static func percentEncoded(_ path: String) -> String {
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove(charactersIn: "?#%")
        return path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
    }

    private static func systemFailure(_ verb: String, _ path: String) -> StoreError {
        let code = errno
        return StoreError(
            .database, "cannot \(verb) \(path): \(String(cString: strerror(code)))",
            hint: "Check that its folder exists, is writable and has space.", underlyingCode: code)
    }
}

/// A bare SQLite connection for the moments before GRDB may open the file.
private final class RawConnection {
    private var pointer: OpaquePointer?

    init(path: String, flags: Int32) throws(StoreError) {
        let code = sqlite3_open_v2(path, &pointer, flags | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK else {
            let failure = self.failure(code)
            sqlite3_close(pointer)
            throw failure
        }
        sqlite3_busy_timeout(pointer, 5000)
    }

    deinit {
        sqlite3_close(pointer)
    }

    func execute(_ sql: String) throws(StoreError) {
        let code = sqlite3_exec(pointer, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// All rows, each column as text.
    func rows(_ sql: String) throws(StoreError) -> [[String]] {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v2(pointer, sql, -1, &statement, nil)
        guard code == SQLITE_OK else { throw failure(code) }
        defer { sqlite3_finalize(statement) }
        var rows: [[String]] = []
        while true {
            let code = sqlite3_step(statement)
            guard code == SQLITE_ROW else {
                guard code == SQLITE_DONE else { throw failure(code) }
                return rows
            }
            rows.append(
                (0..<sqlite3_column_count(statement)).map { column in
                    sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
                })
        }
    }

    func header() throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 100)
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = sqlite3_file_control(pointer, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard code == SQLITE_OK, let file, let read = file.pointee.pMethods?.pointee.xRead else { throw failure(code) }
        let result = read(file, &bytes, Int32(bytes.count), 0)
        guard result == SQLITE_OK || result == SQLITE_IOERR | (2 << 8) else { throw failure(result) }
        return bytes
    }

    private func failure(_ code: Int32) -> StoreError {
        .sqlite(code, sqlite3_errmsg(pointer).map { String(cString: $0) } ?? "nothing more")
    }
}
