internal import ArgumentParser
internal import ArtifactStore

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import an export: all of it, or nothing.",
        discussion: """
            The export is verified down to its last line, its objects are stored, and then all its artifacts live \
            through their events again in one transaction. Those that are there already, the same in everything, are \
            skipped, and so are those that were deleted here; one that differs is a conflict. Importing again changes nothing. Make the \
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
        let store = try await database.open(.readWrite, with: objects)
        let report = try await Terminal.showingProgress { try await store.importArtifacts(from: folder, progress: $0) }
        try await store.close()
        try Terminal.write(
            format.text(
                table: Self.text(report, folder), document: report.json,
                columns: [
                    "importedCount", "skippedCount", "eventCount", "objectCount", "deletedCount",
                    "catalogueRevisionCount",
                ]))
    }

    private static func text(_ report: ImportReport, _ folder: String) -> String {
        var detail = DetailText()
        detail.heading("imported \(Printable.text(AbsolutePath.of(folder)))")
        detail.line("imported", report.importedCount)
        detail.line("there already", report.skippedCount)
        if report.deletedCount > 0 { detail.line("deleted here", report.deletedCount) }
        detail.line("events", report.eventCount)
        detail.line("objects", report.objectCount)
        if report.catalogueRevisionCount > 0 { detail.line("catalogue revisions", report.catalogueRevisionCount) }
        return detail.text
    }
}
