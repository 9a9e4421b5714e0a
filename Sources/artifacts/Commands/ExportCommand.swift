internal import ArgumentParser
internal import ArtifactStore

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Export all artifacts and their events as JSON lines.",
        discussion: """
            The export is a folder: one snapshot of a store that may be in use, with a manifest of SHA-256 digests, read \
            back before it gets its name. Nothing is overwritten. Equal stores make equal bytes. With --with-objects the \
            images are copied, too. It holds no metadata of signed URLs.

            EXAMPLES
              artifacts export renders-2026-03-01 --database renders.sqlite
              artifacts export renders-2026-03-01 --with-objects
            """)

    @Argument(help: ArgumentHelp("Where the export goes.", valueName: "folder"), completion: .directory)
    var folder: String
    @Flag(help: "Copy the images, too, compared with their records.")
    var withObjects = false
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup var objects: ObjectsOption

    func run() async throws {
        let store =
            withObjects ? try await database.open(.readOnly, with: objects) : try await database.openForReading()
        let report = try await Terminal.showingProgress {
            try await store.export(to: folder, withObjects: withObjects, progress: $0)
        }
        try await store.close()
        try Terminal.write(
            format.text(
                table: Self.text(report), document: report.json,
                columns: [
                    "folder", "schemaVersion", "artifactCount", "eventCount", "objectCount",
                    "catalogueRevisionCount",
                ]))
    }

    private static func text(_ report: ExportReport) -> String {
        var detail = DetailText()
        detail.heading("exported into \(Printable.text(report.folder)), read back")
        detail.line("schema version", "\(report.schemaVersion)")
        detail.line("artifacts", report.artifactCount)
        detail.line("events", report.eventCount)
        detail.line("objects", report.objectCount)
        if report.catalogueRevisionCount > 0 { detail.line("catalogue revisions", report.catalogueRevisionCount) }
        return detail.text
    }
}
