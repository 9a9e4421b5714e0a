internal import ArgumentParser
internal import ArtifactStore

struct MigrateUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Bring a store's schema to this program's version.",
        discussion: """
            First a verified backup beside the database, under a name that nothing has. Then all pending migrations in \
            one transaction: afterwards the store has the new schema or the old one, never something between. Programs \
            of the older version that have the store open are not stopped by this: stop them first.

            EXAMPLE
              artifacts migrate up --database renders.sqlite
            """)

    @Flag(help: "Do without the backup.")
    var noBackup = false
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let path = try database.path()
        var options = StoreOptions()
        options.backsUpBeforeMigrating = !noBackup
        let report = try await Terminal.showingProgress { [options] in
            try await ArtifactStore.migrate(at: path, options: options, progress: $0)
        }
        let wayBack = try report.backup.map { Self.wayBack(to: $0, try database.argument()) }
        try Terminal.write(
            format.text(
                table: Self.text(report) + (wayBack.map { "\n\($0)\n" } ?? ""), document: report.json,
                rows: report.tables.map(\.json), columns: ["table", "rowsBefore", "rowsAfter"]))
        // Their rows are tables, and have no place for it.
        if let wayBack, format.format == .csv || format.format == .ndjson { Terminal.note(wayBack) }
    }

    private static func text(_ report: MigrationReport) -> String {
        guard !report.steps.isEmpty else { return "schema version \(report.toVersion); nothing to do\n" }
        var detail = DetailText()
        detail.heading("migrated from schema version \(report.fromVersion) to \(report.toVersion)")
        detail.add(report)
        return detail.text
    }

    private static func wayBack(to backup: String, _ database: String) -> String {
        """
        The store as it was is in \(Printable.text(backup)).
        To go back: stop every program that uses the store, then
          artifacts restore \(ShellWord.quoted(backup)) \(database) --replace
        """
    }
}
