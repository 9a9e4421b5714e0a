internal import ArgumentParser
internal import ArtifactStore

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup in the place of a store.",
        discussion: """
            The backup is verified and copied first. A store that is there gives way only with --replace, and only while \
            no program has it open; it is kept beside the new one, byte for byte.

            EXAMPLE
              artifacts restore /backup/renders.sqlite --database renders.sqlite --replace
            """)

    @Argument(help: ArgumentHelp("The backup.", valueName: "file"), completion: .file())
    var file: String
    @Flag(help: "Replace the store that is there, and keep it beside the new one.")
    var replace = false
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let path = try database.path()
        let report = try await Terminal.showingProgress {
            try await ArtifactStore.restore(file, to: path, replacing: replace, progress: $0)
        }
        try Terminal.write(
            format.text(
                table: Self.text(report, AbsolutePath.of(path), replace), document: report.json,
                columns: ["schemaVersion", "tables", "kept", "replaced"]))
    }

    private static func text(_ report: RestoreReport, _ path: String, _ replace: Bool) -> String {
        var detail = DetailText()
        detail.heading("restored \(Printable.text(path)), verified")
        detail.line("schema version", "\(report.schemaVersion)")
        for table in report.tables { detail.line(table.name, "\(table.rows) row\(table.rows == 1 ? "" : "s")") }
        detail.line("kept", report.kept ?? (replace ? "nothing: there was no store to replace" : nil))
        return detail.text
    }
}
