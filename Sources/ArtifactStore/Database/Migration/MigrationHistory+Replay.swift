internal import GRDB

extension MigrationHistory.Step {
    /// Runs the file's statements, one by one, in the transaction that is open.
    ///
    /// - Parameter afterStatement: Called with the number of statements that have run.
    /// - Throws: ``StoreError`` `schemaMismatch` when a statement ends the transaction, what SQLite throws, and what
    ///   `afterStatement` throws.
    func run(_ db: Database, afterStatement: (Int64) throws -> Void = { _ in }) throws {
        let statements = try db.allStatements(sql: sql)
        var count: Int64 = 0
        while let statement = try statements.next() {
            try statement.execute()
            // An embedded COMMIT would make everything before it durable without its stamp.
            guard db.isInsideTransaction else {
                throw StoreError(
                    .schemaMismatch, "\(name) ends its transaction", hint: "Remove COMMIT and ROLLBACK from it.")
            }
            count += 1
            try afterStatement(count)
        }
    }
}

extension MigrationHistory {
    /// The schema that the first steps of this history make in an empty database.
    func replayed(to version: Int) throws -> SchemaShape {
        try replaying(to: version) { db in try SchemaShape(db) }
    }

    /// Looks at an empty database in memory after the first steps of this history.
    func replaying<Value>(to version: Int, _ look: (Database) throws -> Value) throws -> Value {
        try DatabaseQueue().inDatabase { db in
            try db.execute(sql: "BEGIN")
            defer { if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") } }
            for step in steps.prefix(version) { try step.run(db) }
            return try look(db)
        }
    }
}
