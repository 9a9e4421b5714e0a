internal import ArtifactStore

/// Artifacts as standard output shows them, one page after the other.
struct ArtifactPrinter {
    let format: OutputFormat
    private var layout: Table.Layout?
    private var hasHeading = false

    init(format: OutputFormat) {
        self.format = format
    }

    /// The text of one page or of all there is.
    static func text(
        _ artifacts: [GeneratedImageArtifact], as format: OutputFormat, document: @autoclosure () -> JSONValue
    ) -> String {
        var printer = ArtifactPrinter(format: format)
        return printer.text(artifacts, document: document())
    }

    /// The text of the next page; only the first has a heading. `document` is what `json` prints.
    mutating func text(_ artifacts: [GeneratedImageArtifact], document: @autoclosure () -> JSONValue) -> String {
        defer { hasHeading = true }
        switch format {
        case .table: return ArtifactTable.text(artifacts, showsRun: true, continuing: &layout)
        case .json: return document().documentText
        case .ndjson: return artifacts.map(\.json.lineText).joined()
        case .csv:
            return (hasHeading ? "" : CSV.header(CSV.artifactColumns))
                + artifacts.map { CSV.row($0.json, CSV.artifactColumns) }.joined()
        }
    }
}
