internal import ArtifactStore
internal import Synchronization

/// Prints rows while work goes on: as they come, but for `json`, which is one document in the end.
final class RowPrinter: Sendable {
    private let format: OutputFormat
    private let columns: [String]
    private let line: @Sendable (JSONValue) -> String
    private let kept = Mutex<[JSONValue]>([])

    /// - Parameter line: A row of `table`; empty where it shows none.
    init(_ format: OutputFormat, columns: [String], line: @escaping @Sendable (JSONValue) -> String) throws(StoreError)
    {
        (self.format, self.columns, self.line) = (format, columns, line)
        if format == .csv { try Terminal.write(CSV.header(columns)) }
    }

    /// Whether rows come between the lines of a progress display.
    var disturbsProgress: Bool { Terminal.isInteractive && format != .json }

    func print(_ row: JSONValue) throws(StoreError) {
        switch format {
        case .table: try Terminal.write(line(row))
        case .json: kept.withLock { $0.append(row) }
        case .ndjson: try Terminal.write(row.lineText)
        case .csv: try Terminal.write(CSV.row(row, columns))
        }
    }

    /// Prints what stands behind the rows: the whole document of `json`, and the last lines of `table`.
    func finish(_ name: String, _ report: JSONValue, table: String) throws(StoreError) {
        switch format {
        case .table: try Terminal.write(table)
        case .json:
            let rows = JSONValue.Member(name, .array(kept.withLock { $0 }))
            try Terminal.write(JSONValue.object((report.members ?? []) + [rows]).documentText)
        case .ndjson, .csv: break
        }
    }
}
