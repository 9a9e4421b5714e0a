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
        let progress = Terminal.Progress()
        var options = StoreOptions()
        options.backsUpBeforeMigrating = !noBackup
        let report = try await ArtifactStore.migrate(at: path, options: options) { progress.show($0) }
        progress.clear()
        try Terminal.write(
            format.text(
                table: Self.text(report, path), document: report.json, rows: report.tables.map(\.json),
                columns: ["table", "rowsBefore", "rowsAfter"]))
    }

    private static func text(_ report: MigrationReport, _ path: String) -> String {
        guard !report.steps.isEmpty else { return "schema version \(report.toVersion); nothing to do\n" }
        var detail = DetailText()
        detail.heading("migrated from schema version \(report.fromVersion) to \(report.toVersion)")
        detail.add(report)
        guard let backup = report.backup else { return detail.text }
        return detail.text
            + """

            The store as it was is in \(Printable.text(backup)).
            To go back: stop every program that uses the store, then
              artifacts restore \(ShellWord.quoted(backup)) --database \(ShellWord.quoted(path)) --replace

            """
    }
}

/// Text as one word of a shell command that a person may copy.
enum ShellWord {
    static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "_-./".utf8.contains(byte)
        }
        return isPlain ? text : "'" + Printable.text(text).replacing("'", with: "'\\''") + "'"
    }
}
