/// One statement of a script, with the comments before it.
struct SQLStatement {
    /// All comments since the statement before; those inside the statement are not here.
    let comments: [SQLToken]
    /// Its tokens without white space, comments and the semicolon; never empty.
    let tokens: [SQLToken]
    /// Its first token.
    let start: SQLToken
    /// Whether its semicolon is there.
    let isComplete: Bool
    /// The last line of the statement before; 0 for the first.
    let lineBefore: Int

    /// The comments that stand directly above it, without an empty line between, on lines of their own.
    var commentBlock: ArraySlice<SQLToken> {
        var next = start.line
        var first = comments.endIndex
        while first > comments.startIndex {
            let comment = comments[first - 1]
            // Two comments on one line belong together; one behind the statement before belongs to that.
            guard comment.line > lineBefore, comment.lastLine == next - 1 || comment.lastLine == next else { break }
            (first, next) = (first - 1, comment.line)
        }
        return comments[first...]
    }

    /// The statements of a script. They end where `sqlite3_complete()` sees an end: at a semicolon, in `CREATE TRIGGER`
    /// at the one behind `END`. Empty statements are left out.
    static func statements(of tokens: [SQLToken]) -> [SQLStatement] {
        var statements: [SQLStatement] = []
        var state = State.start
        var comments: [SQLToken] = []
        var current: [SQLToken] = []
        var lineBefore = 0
        func add(isComplete: Bool) {
            guard let start = current.first else { return }
            statements.append(
                SQLStatement(
                    comments: comments, tokens: current, start: start, isComplete: isComplete, lineBefore: lineBefore))
        }
        for token in tokens {
            if token.isComment, current.isEmpty { comments.append(token) }
            guard token.isSignificant else { continue }
            state = state.after(token)
            guard state == .start else {
                current.append(token)
                continue
            }
            add(isComplete: true)
            (comments, current, lineBefore) = ([], [], token.line)
        }
        add(isComplete: false)
        return statements
    }

    /// Where `sqlite3_complete()` is in a statement.
    private enum State {
        case start, normal, explain, create, trigger, triggerSemicolon, triggerEnd

        func after(_ token: SQLToken) -> State {
            let isSemicolon = token.isSymbol(";")
            switch self {
            case _ where isSemicolon: return self == .trigger || self == .triggerSemicolon ? .triggerSemicolon : .start
            case .start where token.isWord("EXPLAIN"): return .explain
            case .start where token.isWord("CREATE"), .explain where token.isWord("CREATE"): return .create
            // QUERY PLAN.
            case .explain where !Self.isKnown(token): return .explain
            case .create where token.isWord("TEMP") || token.isWord("TEMPORARY"): return .create
            case .create where token.isWord("TRIGGER"): return .trigger
            case .triggerSemicolon where token.isWord("END"): return .triggerEnd
            case .trigger, .triggerSemicolon, .triggerEnd: return .trigger
            default: return .normal
            }
        }

        private static func isKnown(_ token: SQLToken) -> Bool {
            ["EXPLAIN", "TEMP", "TEMPORARY", "TRIGGER", "END"].contains(token.keyword)
        }
    }
}
