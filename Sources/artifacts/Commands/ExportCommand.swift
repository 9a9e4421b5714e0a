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
        let store = withObjects ? try await openWithObjects() : try await database.openForReading()
        let progress = Terminal.Progress()
        let report = try await store.export(to: folder, withObjects: withObjects) { progress.show($0) }
        progress.clear()
        try await store.close()
        try Terminal.write(
            format.text(
                table: Self.text(report), document: report.json,
                columns: ["folder", "schemaVersion", "artifactCount", "eventCount", "objectCount"]))
    }

    private func openWithObjects() async throws -> ArtifactStore {
        // Before the folder of objects is made: a database that is refused must leave nothing behind.
        try await database.openForReading().close()
        let path = try database.path()
        var options = StoreOptions()
        options.access = .readOnly
        options.maximumReaders = 1
        return try await ArtifactStore.open(
            at: path, objects: objects.storage(besides: path),
            options: options)
    }

    private static func text(_ report: ExportReport) -> String {
        var detail = DetailText()
        detail.heading("exported into \(Printable.text(report.folder)), read back")
        detail.line("schema version", "\(report.schemaVersion)")
        detail.line("artifacts", report.artifactCount)
        detail.line("events", report.eventCount)
        detail.line("objects", report.objectCount)
        return detail.text
    }
}
