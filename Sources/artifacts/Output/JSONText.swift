internal import ArtifactStore

/// JSON as standard output shows it. For a terminal, what one acts on is escaped; the values are the same.
extension JSONValue {
    /// A document over several lines.
    var documentText: String { Self.shown(prettyText) + "\n" }

    /// A document on one line.
    var lineText: String { Self.shown(compactText) + "\n" }

    private static func shown(_ text: String) -> String {
        Terminal.isInteractive ? Printable.json(text) : text
    }
}
