internal import GRDB
internal import Synchronization

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

/// The schema that a history makes in an empty database.
struct ReplayedSchema: Sendable {
    let shape: SchemaShape
    let tables: [StoreTable]
}

extension MigrationHistory {
    /// By the hash of the last step, which covers all before it. An upgrade asks four times.
    private static let replayed = Mutex<[String: ReplayedSchema]>([:])

    /// What the first steps of this history make, in memory.
    ///
    /// - Throws: What ``Step/run(_:afterStatement:)`` throws.
    func replayed(to version: Int) throws -> ReplayedSchema {
        let hash = steps.prefix(version).last?.chainHash ?? ""
        if let known = Self.replayed.withLock({ $0[hash] }) { return known }
        var configuration = Configuration()
        // As the migrator runs it.
        configuration.foreignKeysEnabled = false
        let schema = try DatabaseQueue(configuration: configuration).inDatabase { db in
            try db.execute(sql: "BEGIN")
            defer { if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") } }
            for step in steps.prefix(version) { try step.run(db) }
            return try ReplayedSchema(shape: SchemaShape(db), tables: StoreTable.all(db))
        }
        Self.replayed.withLock { $0[hash] = schema }
        return schema
    }
}
