/// A comment that says why a statement may do what migrations usually must not: `-- destructive: REASON` or
/// `-- data-dependent: REASON`.
struct LintMarker {
    enum Kind: String, CaseIterable {
        case destructive
        case dataDependent = "data-dependent"

        var rule: LintRule { self == .destructive ? .destructive : .dataDependent }
    }

    /// A shorter reason says nothing.
    static let shortestReason = 10

    let kind: Kind
    let reason: Substring
    let comment: SQLToken

    /// Whether it says something: enough characters, and a letter among them.
    var hasReason: Bool {
        reason.count >= Self.shortestReason && reason.contains(where: \.isLetter)
    }

    /// Nil for a comment that is no marker.
    init?(_ comment: SQLToken) {
        guard comment.kind == .lineComment else { return nil }
        let text = Self.trimmed(Substring(comment.text.dropFirst(2)))
        guard let colon = text.firstIndex(of: ":"),
            let kind = Kind(rawValue: Self.trimmed(text[..<colon]).lowercased())
        else { return nil }
        self.kind = kind
        self.comment = comment
        reason = Self.trimmed(text[text.index(after: colon)...])
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
