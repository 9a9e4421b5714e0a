internal import Foundation
internal import GRDBSQLite

/// A bare SQLite connection: for the moments before GRDB may open a file, and for files that must not be touched.
final class RawConnection {
    private(set) var pointer: OpaquePointer?

    init(path: String, flags: Int32) throws(StoreError) {
        let code = sqlite3_open_v2(path, &pointer, flags | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK else {
            let failure = self.failure(code)
            sqlite3_close(pointer)
            throw failure
        }
        sqlite3_busy_timeout(pointer, 5000)
    }

    /// Opens a file that nothing changes meanwhile: nothing beside it is read, made or locked.
    convenience init(immutable path: StorePath) throws(StoreError) {
        try self.init(path, "immutable=1")
    }

    /// Opens a file and its log, which nothing changes meanwhile, and keeps the log's index in memory: nothing is made or
    /// locked.
    ///
    /// Without an index of its own a connection needs the exclusive lock, and the file system that locks nothing grants
    /// it to one that cannot write. For that reason, too, closing it carries nothing over into the main file (measured:
    /// the first write ends in EBADF).
    convenience init(immutableWithLog path: StorePath) throws(StoreError) {
        try self.init(path, "vfs=unix-none")
        try execute("PRAGMA locking_mode = EXCLUSIVE")
        // A log that holds no whole transaction would be removed.
        var keep: Int32 = 1
        sqlite3_file_control(pointer, "main", SQLITE_FCNTL_PERSIST_WAL, &keep)
    }

    private convenience init(_ path: StorePath, _ option: String) throws(StoreError) {
        try self.init(
            path: "file:\(Self.percentEncoded(path.text))?\(option)", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
    }

    private static func percentEncoded(_ path: String) -> String {
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove(charactersIn: "?#%")
        return path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
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

    // MARK: - The file itself

    /// Up to `count` bytes of the main file; fewer only where it ends. They come through SQLite's own descriptor:
    /// closing any other one would drop the POSIX locks that this process holds on the file
    /// (sqlite.org/howtocorrupt.html, section 2.2).
    func bytes(_ count: Int, at offset: Int64) throws(StoreError) -> [UInt8] {
        let count = Int(min(Int64(count), max(0, try byteCount() - offset)))
        guard count > 0 else { return [] }
        let (file, methods) = try file()
        var bytes = [UInt8](repeating: 0, count: count)
        try check(methods.xRead?(file, &bytes, Int32(count), offset))
        return bytes
    }

    /// The size of the main file.
    func byteCount() throws(StoreError) -> Int64 {
        let (file, methods) = try file()
        var size: sqlite3_int64 = 0
        try check(methods.xFileSize?(file, &size))
        return size
    }

    /// Keeps every other connection out of the file until this one is closed, without reading a page of it: also where
    /// what is in it makes no sense. No SQL may be run on this connection any more.
    ///
    /// - Throws: ``StoreError`` `busy` while another connection has the file open in WAL mode, or in a transaction.
    func lockFile(timeout: Duration) throws(StoreError) {
        let (file, methods) = try file()
        let clock = ContinuousClock()
        let deadline = clock.now + timeout
        while true {
            // From no lock to the exclusive one there is no direct way (sqlite3.c, unixLock).
            var code = methods.xLock?(file, SQLITE_LOCK_SHARED) ?? SQLITE_MISUSE
            if code == SQLITE_OK { code = methods.xLock?(file, SQLITE_LOCK_EXCLUSIVE) ?? SQLITE_MISUSE }
            guard code & 0xFF == SQLITE_BUSY, clock.now < deadline else { return try check(code) }
            usleep(1000)
        }
    }

    /// Whether the file was opened for reading only, because it cannot be written.
    var isReadOnly: Bool { sqlite3_db_readonly(pointer, "main") == 1 }

    private func file() throws(StoreError) -> (UnsafeMutablePointer<sqlite3_file>, sqlite3_io_methods) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = sqlite3_file_control(pointer, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard code == SQLITE_OK, let file, let methods = file.pointee.pMethods?.pointee else { throw failure(code) }
        return (file, methods)
    }

    private func check(_ code: Int32?) throws(StoreError) {
        guard let code, code != SQLITE_OK else { return }
        throw .sqlite(code, sqlite3_errstr(code).map { String(cString: $0) } ?? "nothing more")
    }

    func failure(_ code: Int32) -> StoreError {
        .sqlite(code, sqlite3_errmsg(pointer).map { String(cString: $0) } ?? "nothing more")
    }
}
