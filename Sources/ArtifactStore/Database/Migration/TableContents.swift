internal import Crypto
internal import GRDB
internal import GRDBSQLite

/// A table's rows, counted and hashed: equal values make equal contents, whatever happened to the pages below.
struct TableContents: Equatable {
    let rowCount: Int64
    /// The last sequence given out by AUTOINCREMENT, which must never be given twice; 0 without one.
    let sequence: Int64
    /// SHA-256 over type, length and bytes of every value, row by row in the order of the primary key.
    let sha256: String

    /// Reads every row once and keeps none.
    ///
    /// - Parameter columns: The columns that count, of those that the table has.
    init(_ db: Database, of table: StoreTable, columns: [String]) throws {
        let names = columns.map(\.quotedDatabaseIdentifier).joined(separator: ", ")
        let order = table.key.map(\.quotedDatabaseIdentifier).joined(separator: ", ")
        let sequence =
            try db.tableExists("sqlite_sequence")
            ? Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = ?", arguments: [table.name]) : nil
        try self.init(
            db, sql: "SELECT \(names) FROM \(table.name.quotedDatabaseIdentifier) ORDER BY \(order)",
            sequence: sequence ?? 0)
    }

    /// The rows of a query, in the order it gives them.
    init(_ db: Database, sql: String, sequence: Int64 = 0) throws {
        self.sequence = sequence
        let statement = try db.makeStatement(sql: sql)
        let pointer = statement.sqliteStatement
        defer { sqlite3_reset(pointer) }
        var hash = SHA256()
        var count: Int64 = 0
        while true {
            let code = sqlite3_step(pointer)
            guard code == SQLITE_ROW else {
                guard code == SQLITE_DONE else {
                    throw StoreError.sqlite(code, sqlite3_errmsg(db.sqliteConnection).map { String(cString: $0) } ?? "")
                }
                break
            }
            count += 1
            for column in 0..<sqlite3_column_count(pointer) { Self.add(pointer, column, to: &hash) }
        }
        rowCount = count
        sha256 = hash.finalize().map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }

    private static func add(_ statement: SQLiteStatement, _ column: Int32, to hash: inout SHA256) {
        let type = sqlite3_column_type(statement, column)
        hash.update(data: [UInt8(type)])
        switch type {
        case SQLITE_INTEGER:
            withUnsafeBytes(of: sqlite3_column_int64(statement, column).littleEndian) { hash.update(bufferPointer: $0) }
        case SQLITE_FLOAT:
            let bits = sqlite3_column_double(statement, column).bitPattern
            withUnsafeBytes(of: bits.littleEndian) { hash.update(bufferPointer: $0) }
        case SQLITE_NULL:
            break
        default:
            // The bytes as they are: text is not decoded, so that what is no UTF-8 counts, too.
            let start = sqlite3_column_blob(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            withUnsafeBytes(of: Int64(count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(start: start, count: count))
        }
    }
}

/// A table with its columns, and those its rows are told apart by.
struct StoreTable: Equatable, Sendable {
    let name: String
    let columns: [String]
    /// The columns of the primary key in their order; the row id where there is none.
    let key: [String]

    /// The tables of a database that hold rows of their own, by name. Virtual tables are left out: what they show is in
    /// other tables. So is the ledger, which every migration makes longer.
    static func all(_ db: Database) throws -> [StoreTable] {
        let names = try String.fetchAll(
            db,
            sql: """
                SELECT name FROM pragma_table_list
                WHERE schema = 'main' AND type = 'table' AND name <> 'schemaMigration'
                    AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_litestream!_%' ESCAPE '!'
                ORDER BY name
                """)
        return try names.map { name in
            let columns = try Row.fetchAll(
                db, sql: "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", arguments: [name]
            ).map { (name: $0[0] as String, position: $0[1] as Int) }
            let key = columns.filter { $0.position > 0 }.sorted { $0.position < $1.position }.map(\.name)
            return StoreTable(
                name: name, columns: columns.map(\.name), key: key.isEmpty ? ["rowid"] : key)
        }
    }
}
