internal import ArgumentParser
internal import ArtifactStore

/// How a command prints what it found.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    /// Aligned columns, fitted to the terminal.
    case table
    /// One JSON document.
    case json
    /// One JSON object a line.
    case ndjson
    /// Comma-separated values with a header (RFC 4180).
    case csv
}

struct FormatOption: ParsableArguments {
    @Option(help: "How to print.")
    var format: OutputFormat = .table
}

extension FormatOption {
    /// One report in this format.
    ///
    /// - Parameters:
    ///   - table: For people.
    ///   - document: What `json` prints; without rows also what `ndjson` and `csv` print.
    ///   - rows: What `ndjson` and `csv` print, one a line.
    ///   - columns: The columns of `csv`, by their paths in a row.
    func text(
        table: @autoclosure () -> String, document: JSONValue, rows: [JSONValue]? = nil, columns: [String]
    ) -> String {
        let rows = rows ?? [document]
        switch format {
        case .table: return table()
        case .json: return document.documentText
        case .ndjson: return rows.map(\.lineText).joined()
        case .csv: return CSV.header(columns) + rows.map { CSV.row($0, columns) }.joined()
        }
    }
}
