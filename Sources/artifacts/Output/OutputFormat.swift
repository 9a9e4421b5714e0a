internal import ArgumentParser

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
