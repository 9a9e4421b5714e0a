internal import GRDB
internal import GRDBSQLite

/// A cached statement of GRDB's, bound and read through SQLite's own functions.
///
/// GRDB binds text up to its first NUL (measured: "a\0b" is stored as "a") and reads invalid UTF-8 as U+FFFD, after
/// which the row can no longer be found. Here text goes in and comes out by its byte count, and invalid UTF-8 is an
/// error that names the column. It also spares the hot write path a boxed value for each of forty columns.
struct PreparedStatement {
    private let statement: Statement
    private let connection: SQLiteConnection

    private var pointer: SQLiteStatement { statement.sqliteStatement }

    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
        guard let connection = db.sqliteConnection else { throw StoreError.closed }
        self.connection = connection
    }

    /// Binds the arguments in order and runs the statement to its end.
    func run(_ bind: (inout Arguments) -> Void = { _ in }) throws {
        try forEachRow(bind) { _ in }
    }

    /// Binds the arguments in order and hands each row to `body`.
    func forEachRow(_ bind: (inout Arguments) -> Void = { _ in }, _ body: (Row) throws -> Void) throws {
        try whileRows(bind) { row in
            try body(row)
            return true
        }
    }

    /// The same, until `body` says that it has enough.
    func whileRows(_ bind: (inout Arguments) -> Void = { _ in }, _ body: (Row) throws -> Bool) throws {
        defer { sqlite3_reset(pointer) }
        var arguments = Arguments(pointer: pointer)
        bind(&arguments)
        try check(arguments.result)
        while true {
            let result = sqlite3_step(pointer)
            switch result {
            case SQLITE_ROW: guard try body(Row(pointer: pointer)) else { return }
            case SQLITE_DONE: return
            default: throw failure(result)
            }
        }
    }

    /// The first row made into a value; nil when there is none.
    func first<Value>(_ bind: (inout Arguments) -> Void = { _ in }, _ decode: (Row) throws -> Value) throws -> Value? {
        defer { sqlite3_reset(pointer) }
        var arguments = Arguments(pointer: pointer)
        bind(&arguments)
        try check(arguments.result)
        let result = sqlite3_step(pointer)
        switch result {
        case SQLITE_ROW: return try decode(Row(pointer: pointer))
        case SQLITE_DONE: return nil
        default: throw failure(result)
        }
    }

    private func check(_ result: Int32) throws {
        guard result == SQLITE_OK else { throw failure(result) }
    }

    private func failure(_ result: Int32) -> any Error {
        if result & 0xFF == SQLITE_INTERRUPT { return CancellationError() }
        let extended = sqlite3_extended_errcode(connection)
        return StoreError.sqlite(
            extended == SQLITE_OK ? result : extended, sqlite3_errmsg(connection).map { String(cString: $0) } ?? "")
    }

    /// Binds one value after the other.
    struct Arguments {
        fileprivate let pointer: SQLiteStatement
        fileprivate var result = SQLITE_OK
        private var index: Int32 = 0

        fileprivate init(pointer: SQLiteStatement) {
            self.pointer = pointer
        }

        mutating func bind(_ text: String) {
            var text = text
            index += 1
            let code = text.withUTF8 { bytes in
                // A nil base address (empty text) would bind NULL.
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    sqlite3_bind_text(
                        pointer, index, characters.baseAddress, Int32(clamping: characters.count), Self.copied)
                }
            }
            note(text.isEmpty ? sqlite3_bind_text(pointer, index, "", 0, Self.copied) : code)
        }

        mutating func bind(_ text: String?) {
            if let text { bind(text) } else { bindNull() }
        }

        mutating func bind(_ number: Int64) {
            index += 1
            note(sqlite3_bind_int64(pointer, index, number))
        }

        mutating func bind(_ number: Int64?) {
            if let number { bind(number) } else { bindNull() }
        }

        mutating func bind(_ moment: Timestamp) {
            bind(moment.milliseconds)
        }

        mutating func bindNull() {
            index += 1
            note(sqlite3_bind_null(pointer, index))
        }

        private mutating func note(_ code: Int32) {
            if result == SQLITE_OK { result = code }
        }

        /// SQLITE_TRANSIENT: SQLite copies before the call returns.
        private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    /// The current row. Columns count from 0.
    struct Row {
        fileprivate let pointer: SQLiteStatement

        func isNull(_ column: Int32) -> Bool {
            sqlite3_column_type(pointer, column) == SQLITE_NULL
        }

        func int64(_ column: Int32) -> Int64 {
            sqlite3_column_int64(pointer, column)
        }

        func optionalInt64(_ column: Int32) -> Int64? {
            isNull(column) ? nil : int64(column)
        }

        func timestamp(_ column: Int32) -> Timestamp {
            Timestamp(clamping: int64(column))
        }

        /// - Throws: ``StoreError`` with code `database` when the bytes are not UTF-8.
        func text(_ column: Int32) throws -> String {
            guard let start = sqlite3_column_text(pointer, column) else { return "" }
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column)))
            guard let text = String(validating: bytes, as: UTF8.self) else {
                let name = sqlite3_column_name(pointer, column).map { String(cString: $0) } ?? "\(column)"
                throw StoreError(
                    .database, "the column \(name) holds bytes that are not UTF-8",
                    hint: "Something else wrote to the file; compare it with a backup.")
            }
            return text
        }

        func optionalText(_ column: Int32) throws -> String? {
            isNull(column) ? nil : try text(column)
        }

        /// One of the words of a closed list; nil for NULL.
        func word<Word: RawRepresentable<String>>(_ column: Int32) throws -> Word? {
            guard let text = try optionalText(column) else { return nil }
            guard let word = Word(rawValue: text) else {
                throw StoreError(
                    .database, "column \(column) holds the unknown word \(text.prefix(64))",
                    hint: "Something else wrote to the file; compare it with a backup.")
            }
            return word
        }
    }
}

extension StoreError {
    static let closed = StoreError(.closed, "the store is closed", hint: "Open it again.")
}
