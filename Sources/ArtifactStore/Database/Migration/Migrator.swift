internal import GRDB

/// Brings a store's schema to this build's version: all pending steps, or none.
struct Migrator {
    let history: MigrationHistory
    let now: @Sendable () -> Timestamp
    /// Called after every applied statement. Tests crash here.
    var afterStatement: @Sendable () throws -> Void = {}

    /// The version under which this build signs the ledger.
    static let applicationVersion = "0.1.0"

    /// One line of `migrate`: what was applied.
    struct Report: Sendable, Equatable {
        let from: Int
        let to: Int
    }

    /// Applies what is pending in one transaction, verifies, stamps and commits.
    ///
    /// The caller holds the file lock. What is pending is read again inside `BEGIN IMMEDIATE`: two processes may have
    /// seen the same old version (measured: reading it outside failed 50 of 240 simultaneous starts).
    ///
    /// - Throws: ``StoreError`` when a step fails, leaves its transaction, or makes a schema that is not the history's.
    func migrate(_ queue: DatabaseQueue) throws -> Report {
        try queue.inDatabase { db in
            // A pragma inside a transaction would be ignored, and a rebuild would cascade into child rows.
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
            try db.execute(sql: "BEGIN IMMEDIATE")
            do {
                let report = try applyPending(db)
                try db.execute(sql: "COMMIT")
                return report
            } catch {
                if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") }
                throw StoreError.mapping(error)
            }
        }
    }

    private func applyPending(_ db: Database) throws -> Report {
        let ledger = try StoreFile.ledger(db)
        guard case .pending(let steps) = try history.standing(of: ledger) else {
            return Report(from: ledger.count, to: ledger.count)
        }
        let clock = ContinuousClock()
        for step in steps {
            let start = clock.now
            try apply(step, db)
            try db.execute(
                sql: """
                    INSERT INTO schemaMigration (version, name, chainHash, appliedAt, applicationVersion, durationMs)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    step.version, step.name, step.chainHash, now().milliseconds, Self.applicationVersion,
                    (clock.now - start).wholeMilliseconds,
                ])
        }
        try db.execute(sql: "PRAGMA user_version = \(history.newestVersion)")
        try verify(db)
        return Report(from: ledger.count, to: history.newestVersion)
    }

    private func apply(_ step: MigrationHistory.Step, _ db: Database) throws {
        let statements = try db.allStatements(sql: step.sql)
        while let statement = try statements.next() {
            try statement.execute()
            // An embedded COMMIT would make everything before it durable without its stamp.
            guard db.isInsideTransaction else {
                throw StoreError(
                    .schemaMismatch, "\(step.name) ends its transaction", hint: "Remove COMMIT and ROLLBACK from it.")
            }
            try afterStatement()
        }
    }

    private func verify(_ db: Database) throws {
        if let violation = try GRDB.Row.fetchOne(db, sql: "PRAGMA foreign_key_check") {
            throw StoreError(
                .schemaMismatch, "the migration leaves rows of \(violation[0] as String) without their parent",
                hint: "Nothing was changed; report this with the store's schema version.")
        }
        let finding = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)")
        guard finding == "ok" else {
            throw StoreError(
                .database, "the integrity check after migrating says: \(finding ?? "nothing")",
                hint: "Nothing was changed; restore a backup of the store.")
        }
        let live = try SchemaShape(db)
        let golden = try history.replayed()
        guard live == golden else {
            throw StoreError(
                .schemaMismatch, "the schema differs from its history in \(live.difference(from: golden))",
                hint: "Nothing was changed; something else altered the store's schema.")
        }
    }
}

/// The objects of a schema and the SQL that makes each, without regard to order and white space.
struct SchemaShape: Equatable {
    let objects: [String: String]

    init(_ db: Database) throws {
        let rows = try GRDB.Row.fetchAll(
            db, sql: "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        objects = Dictionary(
            rows.map { row in
                let sql: String? = row[2]
                return ("\(row[0] as String) \(row[1] as String)", Self.normalised(sql ?? ""))
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func normalised(_ sql: String) -> String {
        sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The names of objects that are missing, added or different, sorted.
    func difference(from other: SchemaShape) -> String {
        Set(objects.keys).union(other.objects.keys).filter { objects[$0] != other.objects[$0] }.sorted()
            .joined(separator: ", ")
    }
}

extension MigrationHistory {
    /// The schema that this history makes in an empty database.
    func replayed() throws -> SchemaShape {
        try DatabaseQueue().inDatabase { db in
            for step in steps { try db.execute(sql: step.sql) }
            return try SchemaShape(db)
        }
    }
}
