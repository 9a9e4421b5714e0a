internal import ArgumentParser
internal import ArtifactStore

struct ModelsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import a list of models, and make a new revision if that changes anything.",
        discussion: """
            A source's models are replaced by those of its new file. One's own (declared) go before those of other \
            sources. One's own list is imported whole or not at all; of other files, models that contradict themselves \
            are left out and named. The report says what stays unknown, and why.

            EXAMPLES
              artifacts models import models.json
              artifacts models import litellm.json --source litellm --format json
              artifacts models import - < models.json
            """)

    @Argument(help: ArgumentHelp("The list as JSON; - is standard input.", valueName: "file"), completion: .file())
    var file: String
    @Option(help: "What the file is.") var source: CatalogueSource = .declared
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let bytes = try InputFile.bytes(file, "models")
        let store = try await database.openForWriting()
        let report = try await store.importCatalogue(bytes, as: source)
        try await store.close()
        try Terminal.write(
            format.text(
                table: Self.text(report), document: report.json,
                columns: [
                    "revision", "source", "entryCount", "added", "changed", "unchanged", "keptFromOtherSource",
                    "notModels", "refused", "removed", "notDeclared",
                ]))
    }

    private static func text(_ report: CatalogueImportReport) -> String {
        var detail = DetailText()
        detail.heading(report.revision.map { "catalogue revision \($0)" } ?? "nothing changed")
        detail.line("entries", "\(report.entryCount)")
        detail.line("added", "\(report.added.count)")
        detail.line("changed", "\(report.changed.count)")
        detail.line("unchanged", "\(report.unchanged)")
        detail.line("of another source", "\(report.keptFromOtherSource.count)")
        detail.line("not a model", "\(report.notModels.count)")
        detail.line("refused", "\(report.refused.count)")
        detail.line("removed", "\(report.removed.count)")
        list("added", report.added, in: &detail)
        list("changed", report.changed.map(Self.text), in: &detail)
        list("removed", report.removed, in: &detail)
        if !report.notModels.isEmpty { detail.heading("not a model") }
        for entry in report.notModels { detail.line("", "\(entry.name): \(entry.reason)") }
        if !report.refused.isEmpty { detail.heading("refused") }
        for refusal in report.refused { detail.line("", "\(refusal.model): \(refusal.reason)") }
        if !report.notDeclared.isEmpty { detail.heading("not declared") }
        for gap in report.notDeclared { detail.line("of \(gap.count)", "\(gap.field): \(gap.reason)") }
        if let revision = report.revision, revision > 1 {
            detail.append("\nIn full: artifacts models diff \(revision - 1) \(revision)\n")
        }
        return detail.text
    }

    /// The first of them: a report of a large file fits a screen or two.
    private static func list(_ title: String, _ entries: [String], in detail: inout DetailText) {
        guard !entries.isEmpty else { return }
        detail.heading(title)
        for entry in entries.prefix(shownEntries) { detail.line("", entry) }
        if entries.count > shownEntries { detail.line("", "and \(entries.count - shownEntries) more") }
    }

    private static let shownEntries = 20

    private static func text(_ change: ModelChange) -> String {
        let fields = change.fields.map { "\($0.name) \($0.old ?? "unknown") -> \($0.new ?? "unknown")" }
        return "\(change.model): \(fields.joined(separator: ", "))"
    }
}
