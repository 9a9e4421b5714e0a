internal import ArgumentParser
internal import ArtifactStore

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Back a store up into one file, while it is in use.",
        discussion: """
            The backup is one snapshot, verified (integrity, foreign keys, schema, rows), for its owner alone, and under \
            its name whole or not at all. Nothing is overwritten. It holds no metadata of signed URLs, and no objects: \
            copy their folder afterwards.

            EXAMPLE
              artifacts backup /backup/renders-2026-03-01.sqlite --database renders.sqlite
            """)

    @Argument(help: ArgumentHelp("Where the backup goes.", valueName: "file"), completion: .file())
    var file: String
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let report = try await Terminal.showingProgress {
            try await ArtifactStore.backUp(at: database.path(), to: file, progress: $0)
        }
        try Terminal.write(
            format.text(
                table: Self.text(report), document: report.json,
                columns: ["file", "schemaVersion", "byteCount", "tables"]))
    }

    private static func text(_ report: BackupReport) -> String {
        var detail = DetailText()
        detail.heading("backed up into \(Printable.text(report.file)), verified")
        detail.line("schema version", "\(report.schemaVersion)")
        detail.line("bytes", report.byteCount)
        for table in report.tables { detail.line(table.name, "\(table.rows) row\(table.rows == 1 ? "" : "s")") }
        return detail.text
    }
}
