internal import ArgumentParser
internal import ArtifactStore

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import an export: all of it, or nothing.",
        discussion: """
            The export is verified down to its last line, its objects are stored, and then all its artifacts live \
            through their events again in one transaction. Those that are there already, the same in everything, are \
            skipped; one that differs is a conflict. Importing again changes nothing. Make the \
            store first, with artifacts init.

            EXAMPLE
              artifacts import renders-2026-03-01 --database copy.sqlite
            """)

    @Argument(help: ArgumentHelp("The export.", valueName: "folder"), completion: .directory)
    var folder: String
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup var objects: ObjectsOption

    func run() async throws {
        let path = try database.path()
        // Before the folder of objects is made: a database that is refused must leave nothing behind.
        try await database.openForReading().close()
        var options = StoreOptions()
        options.access = .readWrite
        options.migratesSchema = false
        options.maximumReaders = 1
        let store = try await ArtifactStore.open(
            at: path, objects: objects.storage(besides: path),
            options: options)
        let progress = Terminal.Progress()
        let report = try await store.importArtifacts(from: folder) { progress.show($0) }
        progress.clear()
        try await store.close()
        try Terminal.write(
            format.text(
                table: Self.text(report, folder), document: report.json,
                columns: ["importedCount", "skippedCount", "eventCount", "objectCount"]))
    }

    private static func text(_ report: ImportReport, _ folder: String) -> String {
        var detail = DetailText()
        detail.heading("imported \(Printable.text(folder))")
        detail.line("imported", report.importedCount)
        detail.line("there already", report.skippedCount)
        detail.line("events", report.eventCount)
        detail.line("objects", report.objectCount)
        return detail.text
    }
}
