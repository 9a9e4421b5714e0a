import GRDBSQLite

/// An empty database in memory, driven through SQLite's C functions, which tell where a statement ends.
final class ScratchConnection {
    private var pointer: OpaquePointer?

    init() {
        sqlite3_open(":memory:", &pointer)
    }

    deinit {
        sqlite3_close(pointer)
    }

    var isInTransaction: Bool { sqlite3_get_autocommit(pointer) == 0 }

    var message: String { String(cString: sqlite3_errmsg(pointer)) }

    /// Runs the statement at an offset.
    ///
    /// - Returns: Where the next one begins; nil when it failed.
    func run(_ sql: [UInt8], at offset: Int) -> Int? {
        (sql + [0]).withUnsafeBytes { bytes -> Int? in
            guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
            var statement: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            defer { sqlite3_finalize(statement) }
            guard sqlite3_prepare_v2(pointer, start + offset, -1, &statement, &tail) == SQLITE_OK, let tail else {
                return nil
            }
            if statement != nil {
                var code = sqlite3_step(statement)
                while code == SQLITE_ROW { code = sqlite3_step(statement) }
                guard code == SQLITE_DONE else { return nil }
            }
            return tail - start
        }
    }

    static func isComplete(_ sql: String) -> Bool {
        sqlite3_complete(sql) == 1
    }
}
