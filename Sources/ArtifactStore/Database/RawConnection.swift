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

    /// Opens a store for reading without leaving a trace.
    ///
    /// Without a log (``StoreFile/hasLog(_:)``) the file is opened as immutable: an ordinary read-only connection would
    /// make a log and its index, beside a store that may be refused. With one it is never opened so: an immutable
    /// connection would miss what is in the log, and closing it drops the POSIX locks that this process holds on the
    /// file through another one.
    convenience init(untouched path: StorePath) throws(StoreError) {
        if StoreFile.hasLog(path) {
            try self.init(path: path.text, flags: SQLITE_OPEN_READONLY)
        } else {
            try self.init(
                path: "file:\(Self.percentEncoded(path.text))?immutable=1",
                flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
        }
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

    func header() throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 100)
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = sqlite3_file_control(pointer, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard code == SQLITE_OK, let file, let read = file.pointee.pMethods?.pointee.xRead else { throw failure(code) }
        let result = read(file, &bytes, Int32(bytes.count), 0)
        guard result == SQLITE_OK || result == SQLITE_IOERR | (2 << 8) else { throw failure(result) }
        return bytes
    }

    func failure(_ code: Int32) -> StoreError {
        .sqlite(code, sqlite3_errmsg(pointer).map { String(cString: $0) } ?? "nothing more")
    }
}
