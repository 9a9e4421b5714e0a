internal import ArtifactStore

extension OutputFormat {
    /// Artifacts as standard output shows them. `document` is what `json` prints.
    func text(_ artifacts: [GeneratedImageArtifact], document: @autoclosure () -> JSONValue) -> String {
        switch self {
        case .table: return ArtifactTable.text(artifacts, showsRun: true)
        case .json: return document().prettyText + "\n"
        case .ndjson: return artifacts.map { $0.json.compactText + "\n" }.joined()
        case .csv:
            return CSV.header(CSV.artifactColumns)
                + artifacts.map { CSV.row($0.json, CSV.artifactColumns) }.joined()
        }
    }
}
