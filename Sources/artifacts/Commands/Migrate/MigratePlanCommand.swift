internal import ArgumentParser
internal import ArtifactStore

struct MigratePlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Rehearse pending migrations on a copy, and tell what they would do.",
        discussion: """
            Copies the store, in use or not, into the system's temporary folder ($TMPDIR), migrates the copy with every \
            check, and removes it. The store is not changed.

            EXAMPLE
              artifacts migrate plan --database renders.sqlite
            """)

    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let (path, argument) = (try database.path(), try database.argument())
        let folder = MigrationPlan.temporaryFolder()
        let plan = try await Interruption.removing(folder) {
            try await Terminal.showingProgress {
                try await ArtifactStore.planMigration(at: path, copyingInto: folder, progress: $0)
            }
        }
        try Terminal.write(
            format.text(
                table: Self.text(plan, argument), document: plan.json, rows: plan.report.tables.map(\.json),
                columns: ["table", "rowsBefore", "rowsAfter"]))
        if plan.lacksSpace { Terminal.note("warning: the store's folder has less free space than that") }
    }

    private static func text(_ plan: MigrationPlan, _ database: String) -> String {
        guard !plan.report.steps.isEmpty else { return "schema version \(plan.report.toVersion); nothing to do\n" }
        var detail = DetailText()
        detail.heading("from schema version \(plan.report.fromVersion) to \(plan.report.toVersion), on a copy")
        detail.add(plan.report)
        detail.heading("checks of the result")
        for check in ["integrity", "foreign keys", "schema", "kept rows and values"] { detail.line(check, "ok") }
        detail.heading("what it takes")
        detail.line("copying", "\(plan.copyMs) ms")
        detail.line("migrating", "\(plan.migrationMs) ms")
        detail.line("space needed", "\(plan.neededBytes) bytes, backup included")
        detail.line("space free", plan.freeBytes.map { "\($0) bytes" })
        return detail.text + "\nNothing was changed. Next:\n  artifacts migrate up \(database)\n"
    }
}

extension DetailText {
    /// The migrations of a report, and the rows of each table.
    mutating func add(_ report: MigrationReport) {
        for step in report.steps { line("migration", "\(step.name) (\(step.durationMs) ms)") }
        heading("rows")
        for table in report.tables {
            let (before, after) = (table.rowsBefore.map(String.init), table.rowsAfter.map(String.init))
            line(table.name, before == after ? before : "\(before ?? "no table") -> \(after ?? "no table")")
        }
    }
}
