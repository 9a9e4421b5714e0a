internal import ArgumentParser
internal import ArtifactStore

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read images, and compare them with their records.",
        discussion: """
            Every byte is read, and size and SHA-256 compared; memory stays bounded. Without ids and --run, the images \
            of all artifacts are read. Exits with 11 when one is missing or damaged.

            EXAMPLES
              artifacts verify
              artifacts verify --since 2026-03-01 --format ndjson
              artifacts verify art_01kf… --objects s3://renders
            """)

    @Argument(help: "Ids of artifacts.") var ids: [String] = []
    @Option(help: ArgumentHelp("Those of this skill run.", valueName: "id")) var run: String?
    @Option(help: ArgumentHelp("Those created at or after this time.", valueName: "time")) var since: Timestamp?
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup var objects: ObjectsOption

    func validate() throws {
        guard ids.isEmpty || (run == nil && since == nil) else {
            throw ValidationError("give ids, or --run and --since")
        }
    }

    func run() async throws {
        let store = try await database.openForReading()
        let printer = try RowPrinter(format.format, columns: Self.columns) { Self.line($0) }
        let storages = try ReachedStorages(objects, besides: database.path())
        let report = try await verify(store, printer, storages)
        try await store.close()
        try printer.finish("damaged", report.json, table: Self.text(report))
        if report.elsewhereCount > 0 {
            let text = "the images of \(counted(report.elsewhereCount)) are elsewhere: name that with --objects"
            guard report.artifactCount > 0 else {
                throw StoreError(.objectStorage, text, hint: "Nothing was verified.")
            }
            Terminal.note(text)
        }
        if report.damageCount > 0 { throw ExitCode.checkFailed }
    }

    private func verify(
        _ store: ArtifactStore, _ printer: RowPrinter, _ storages: ReachedStorages
    ) async throws -> ObjectVerificationReport {
        guard ids.isEmpty else {
            return try await store.verifyObjects(of: ids.map { ArtifactID($0) }, in: storages.find) {
                try printer.print($0.json)
            }
        }
        let filter = ArtifactFilter(parentRunId: run, since: since)
        return try await Terminal.showingProgress(unless: printer.disturbsProgress) { progress in
            try await store.verifyObjects(where: filter, in: storages.find, progress: progress) {
                try printer.print($0.json)
            }
        }
    }

    private static let columns = ["finding", "artifactId", "key", "byteCount", "recordedByteCount"]

    private static func line(_ row: JSONValue) -> String {
        let words = ["finding", "artifactId", "key"].map { Printable.text(row[$0]?.string ?? "") }
        return words.joined(separator: "  ") + "\n"
    }

    private static func text(_ report: ObjectVerificationReport) -> String {
        var detail = DetailText()
        detail.line("verified", "\(report.artifactCount)")
        if report.withoutDigestCount > 0 { detail.line("by size alone", "\(report.withoutDigestCount)") }
        detail.line("missing or damaged", "\(report.damageCount)", colour: report.damageCount > 0 ? .red : nil)
        return detail.text
    }
}
