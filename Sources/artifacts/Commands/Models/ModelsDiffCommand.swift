internal import ArgumentParser
internal import ArtifactStore

struct ModelsDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what two revisions of the catalogue declare differently.",
        discussion: """
            Without revisions, lists all there are.

            EXAMPLES
              artifacts models diff
              artifacts models diff 1
              artifacts models diff 1 2 --format json
            """)

    @Argument(help: "The revision to compare with.") var old: Int64?
    @Argument(help: "The revision to look at. Default: the current one.") var new: Int64?
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForReading()
        guard let old else {
            let revisions = try await store.catalogueRevisions()
            try await store.close()
            return try print(revisions)
        }
        let diff = try await store.catalogueDiff(from: old, to: new)
        try await store.close()
        try Terminal.write(
            format.text(
                table: Self.text(diff), document: diff.json, rows: Self.rows(diff),
                columns: ["model", "change", "name", "old", "new"]))
    }

    private func print(_ revisions: [CatalogueRevision]) throws {
        let rows = revisions.map(\.json)
        try Terminal.write(
            format.text(
                table: Self.text(revisions), document: .object([.init("revisions", .array(rows))]), rows: rows,
                columns: ["revision", "source", "importedAt", "modelCount", "isAdopted", "sha256"]))
        if revisions.isEmpty, format.format == .table { Terminal.note("no models were imported") }
    }

    /// One row for each model that is new or gone, and for each field that changed.
    private static func rows(_ diff: CatalogueDiff) -> [JSONValue] {
        func whole(_ model: String, _ change: JSONValue) -> JSONValue {
            .object([.init("model", .string(model)), .init("change", change)])
        }
        return diff.added.map { whole($0, "added") } + diff.removed.map { whole($0, "removed") }
            + diff.changed.flatMap { change in
                (change.json["fields"]?.array ?? []).map { field in
                    .object((whole(change.model, "changed").members ?? []) + (field.members ?? []))
                }
            }
    }

    private static func text(_ diff: CatalogueDiff) -> String {
        var detail = DetailText()
        detail.heading("from revision \(diff.from) to \(diff.to)")
        detail.line("added", "\(diff.added.count)")
        detail.line("removed", "\(diff.removed.count)")
        detail.line("changed", "\(diff.changed.count)")
        if !diff.added.isEmpty { detail.heading("added") }
        for model in diff.added { detail.line("", model) }
        if !diff.removed.isEmpty { detail.heading("removed") }
        for model in diff.removed { detail.line("", model) }
        for change in diff.changed {
            detail.heading(Printable.text(change.model))
            for field in change.fields {
                detail.line("", "\(field.name): \(field.old ?? "unknown") -> \(field.new ?? "unknown")")
            }
        }
        return detail.text
    }

    private static func text(_ revisions: [CatalogueRevision]) -> String {
        var table = Table(
            [
                .init(title: "REVISION"), .init(title: "IMPORTED"), .init(title: "SOURCE"), .init(title: "MODELS"),
                .init(title: "ADOPTED", leftOut: 0),
            ], width: Terminal.width)
        for revision in revisions {
            table.add([
                "\(revision.revision)", ArtifactTable.minutes(revision.importedAt), revision.source.rawValue,
                "\(revision.modelCount)", revision.isAdopted ? "yes" : "",
            ])
        }
        var layout: Table.Layout?
        return table.text(continuing: &layout)
    }
}
