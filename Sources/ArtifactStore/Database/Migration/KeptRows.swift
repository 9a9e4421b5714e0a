internal import GRDB

/// The rule that holds for every migration: no row goes, and no value of a column that stays changes, unless the
/// migration's verification says so with a reason.
///
/// It catches what no constraint does: a rebuild that empties a child table leaves `foreign_key_check` clean.
struct KeptRows {
    /// A table's columns that are compared, and what is in them.
    private struct Kept {
        let table: StoreTable
        let columns: [String]
        let contents: TableContents
    }

    private let kept: [Kept]
    private let rowsBefore: [String: Int64]

    /// Reads every row before the steps run.
    ///
    /// - Throws: ``StoreError`` `schemaMismatch` when a step removes a table or a column without saying so.
    init(
        _ db: Database, through steps: [MigrationHistory.Step], of history: MigrationHistory,
        _ progress: ProgressReporter
    ) throws {
        let changes = steps.reduce(into: Set<String>()) { $0.formUnion($1.verification.changes) }
        let after = Dictionary(
            uniqueKeysWithValues: try history.replayed(to: history.newestVersion).tables.map { ($0.name, $0) })
        var kept: [Kept] = []
        var rowsBefore: [String: Int64] = [:]
        let tables = try StoreTable.all(db)
        for (index, table) in tables.enumerated() {
            progress.report(.comparing, table.name, Int64(index), of: Int64(tables.count))
            let isDeclared = { (column: String) in
                changes.contains(table.name) || changes.contains("\(table.name).\(column)")
            }
            let stays = { (column: String) in after[table.name]?.columns.contains(column) == true }
            if let lost = table.columns.first(where: { !stays($0) && !isDeclared($0) }) {
                throw StoreError(
                    .schemaMismatch, "the migration would remove \(table.name).\(lost) without saying so",
                    hint: "Nothing was changed; report this with the store's schema version.")
            }
            let columns = table.columns.filter { stays($0) && !isDeclared($0) }
            // Also where nothing is compared: rows are counted.
            let contents = try TableContents(db, of: table, columns: columns.isEmpty ? table.key : columns)
            rowsBefore[table.name] = contents.rowCount
            if !columns.isEmpty { kept.append(Kept(table: table, columns: columns, contents: contents)) }
        }
        self.kept = kept
        self.rowsBefore = rowsBefore
    }

    /// Reads every row again, after the steps.
    ///
    /// - Returns: The rows of each table, before and after.
    /// - Throws: ``StoreError`` `schemaMismatch` naming the first table that lost something.
    func compare(_ db: Database, _ progress: ProgressReporter) throws -> [MigrationReport.Table] {
        let tables = try StoreTable.all(db)
        var rowsAfter: [String: Int64] = [:]
        for (index, table) in tables.enumerated() {
            progress.report(.comparing, table.name, Int64(index), of: Int64(tables.count))
            let before = kept.first { $0.table.name == table.name }
            let contents = try TableContents(db, of: table, columns: before?.columns ?? table.key)
            rowsAfter[table.name] = contents.rowCount
            if let before, before.contents != contents { throw Self.lost(before, contents) }
        }
        return Set(rowsBefore.keys).union(rowsAfter.keys).sorted().map { name in
            MigrationReport.Table(name: name, rowsBefore: rowsBefore[name], rowsAfter: rowsAfter[name])
        }
    }

    private static func lost(_ before: Kept, _ after: TableContents) -> StoreError {
        let what =
            before.contents.rowCount != after.rowCount
            ? "has \(after.rowCount) rows, not \(before.contents.rowCount)"
            : before.contents.sequence != after.sequence
                ? "would give sequences behind \(after.sequence) again" : "has other values in columns that should stay"
        return StoreError(
            .schemaMismatch, "after the migration \(before.table.name) \(what)",
            hint: "Nothing was changed; report this with the store's schema version.")
    }
}
