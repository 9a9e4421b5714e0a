internal import GRDB

/// Brings a store's schema to this build's version: all pending steps, or none.
struct Migrator {
    let history: MigrationHistory
    let now: @Sendable () -> Timestamp
    var progress = ProgressReporter { _ in }
    /// Called after every applied statement. Tests crash here.
    var afterStatement: @Sendable () throws -> Void = {}

    /// The version under which this build signs the ledger.
    static let applicationVersion = "0.1.0"

    /// Applies what is pending in one transaction, verifies, stamps and commits.
    ///
    /// The caller holds the file lock. What is pending is read again inside `BEGIN IMMEDIATE`: two processes may have
    /// seen the same old version (measured: reading it outside failed 50 of 240 simultaneous starts).
    ///
    /// - Throws: ``StoreError`` when a step fails, leaves its transaction, changes a row it should keep, or makes a
    ///   schema that is not the history's.
    func migrate(_ queue: DatabaseQueue) throws -> MigrationReport {
        let history = try history.verified()
        return try queue.inDatabase { db in
            // A pragma inside a transaction would be ignored, and a rebuild would cascade into child rows.
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
            try db.execute(sql: "BEGIN IMMEDIATE")
            defer { if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") } }
            let report: MigrationReport
            do {
                report = try progress.whileTicking(db.sqliteConnection) { try applyPending(of: history, db) }
            } catch {
                throw StoreError.mapping(error)
            }
            progress.report(.migrating, "writing the new version")
            try commit(db)
            return report
        }
    }

    /// A commit that fails may have reached the disk all the same, and then shows after a crash.
    private func commit(_ db: Database) throws {
        do {
            try db.execute(sql: "COMMIT")
        } catch {
            throw StoreError(
                .outcomeUnknown, "the migration's COMMIT failed: \(StoreError.mapping(error))",
                hint: "The store has its old schema or the new one, whole. See artifacts migrate status, then repeat.")
        }
    }

    private func applyPending(of history: MigrationHistory, _ db: Database) throws -> MigrationReport {
        let ledger = try StoreFile.ledger(db)
        guard case .pending(let steps) = try history.standing(of: ledger) else {
            return MigrationReport(from: ledger.count, to: ledger.count)
        }
        try SchemaShape(db).require(history, at: ledger.count)
        let kept = try KeptRows(db, through: steps, of: history, progress)
        var taken: [MigrationReport.Step] = []
        for step in steps { taken.append(try take(step, db)) }
        try db.execute(sql: "PRAGMA user_version = \(history.newestVersion)")
        try StoreCheck.run(db, of: "the migrated store", progress)
        try SchemaShape(db).require(history, at: history.newestVersion)
        return MigrationReport(
            from: ledger.count, to: history.newestVersion, steps: taken, tables: try kept.compare(db, progress))
    }

    /// Applies a step, checks what it promises, and stamps it: in one transaction, so that a schema never stands
    /// without its line in the ledger.
    private func take(_ step: MigrationHistory.Step, _ db: Database) throws -> MigrationReport.Step {
        let clock = ContinuousClock()
        let same = step.verification.queries.filter { $0.rule == .same }
        let before = try same.map { try TableContents(db, sql: $0.sql) }
        let start = clock.now
        let total = Int64(SQLStatement.statements(of: SQLTokenizer.tokens(of: Array(step.sql.utf8))).count)
        progress.report(.migrating, step.name, 0, of: total)
        try step.run(db) { count in
            progress.report(.migrating, step.name, count, of: total)
            try afterStatement()
        }
        let durationMs = (clock.now - start).wholeMilliseconds
        for (query, before) in zip(same, before) where try TableContents(db, sql: query.sql) != before {
            throw broken(step, "changes what must stay the same: \(query.what)")
        }
        for query in step.verification.queries where query.rule == .none {
            if try Row.fetchOne(db, sql: query.sql) != nil { throw broken(step, "leaves \(query.what)") }
        }
        try stamp(step, durationMs, db)
        return MigrationReport.Step(version: step.version, name: step.name, durationMs: durationMs)
    }

    private func stamp(_ step: MigrationHistory.Step, _ durationMs: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO schemaMigration (version, name, chainHash, appliedAt, applicationVersion, durationMs)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                step.version, step.name, step.chainHash, now().milliseconds, Self.applicationVersion, durationMs,
            ])
    }

    private func broken(_ step: MigrationHistory.Step, _ reason: String) -> StoreError {
        StoreError(
            .schemaMismatch, "\(step.name) \(reason)",
            hint: "Nothing was changed; report this with the store's schema version.")
    }
}
