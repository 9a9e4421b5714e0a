/// Reads the significant tokens of a statement from left to right.
struct SQLReader {
    private(set) var rest: ArraySlice<SQLToken>

    init(_ tokens: some Sequence<SQLToken>) {
        rest = ArraySlice(tokens)
    }

    mutating func next() -> SQLToken? {
        rest.popFirst()
    }

    /// Goes past this keyword, if it is what comes next.
    mutating func take(_ keyword: StaticString) -> Bool {
        guard rest.first?.isWord(keyword) == true else { return false }
        rest.removeFirst()
        return true
    }

    /// Goes past the next occurrence of this keyword, if there is one.
    mutating func skip(behind keyword: StaticString) -> Bool {
        while let token = next() {
            if token.isWord(keyword) { return true }
        }
        return false
    }

    /// Goes past `IF EXISTS` and `IF NOT EXISTS`.
    ///
    /// - Returns: The `IF`, where there is one.
    @discardableResult
    mutating func skipExistenceTest() -> SQLToken? {
        let words = rest.prefix(3)
        guard let first = words.first, first.isWord("IF"), let second = words.dropFirst().first else { return nil }
        let length = second.isWord("EXISTS") ? 2 : second.isWord("NOT") && words.last?.isWord("EXISTS") == true ? 3 : 0
        rest.removeFirst(length)
        return length > 0 ? first : nil
    }

    /// The name that comes next, without the schema it may be qualified by.
    mutating func name() -> String? {
        guard let name = next()?.name else { return nil }
        guard rest.first?.isSymbol(".") == true else { return name }
        rest.removeFirst()
        return next()?.name
    }

    /// Goes past the common table expressions of `WITH`, and the verb behind them.
    ///
    /// - Returns: The verb, unless it is SELECT or there is none.
    mutating func skipToChange() -> String? {
        var depth = 0
        while let token = next() {
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") { depth -= 1 }
            if depth == 0, ["INSERT", "REPLACE", "UPDATE", "DELETE"].contains(token.keyword) { return token.keyword }
        }
        return nil
    }

    /// Everything ahead that may be the name of a table: no column after its table's name and a dot.
    var remainingNames: Set<String> {
        var names: Set<String> = []
        var qualifier: String?
        for (token, next) in zip(rest, rest.dropFirst() + rest.suffix(1)) where !token.isSymbol(".") {
            let isColumn = qualifier != nil && qualifier != "main"
            if !isColumn, token.kind != .string, let name = token.name { names.insert(name) }
            qualifier = next.isSymbol(".") ? token.name : nil
        }
        return names
    }

    /// The names in the parentheses that come next: the first of each part between commas, but not the words that
    /// begin the constraint of a table. Nil without parentheses.
    var columns: Set<String>? {
        guard rest.first?.isSymbol("(") == true else { return nil }
        let constraints: Set = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]
        var columns: Set<String> = []
        var depth = 0
        for (before, token) in zip(rest, rest.dropFirst()) {
            if before.isSymbol("(") { depth += 1 }
            if before.isSymbol(")") { depth -= 1 }
            guard depth > 0 else { break }
            let isFirst = depth == 1 && (before.isSymbol("(") || before.isSymbol(","))
            if isFirst, !constraints.contains(token.keyword), let name = token.name { columns.insert(name) }
        }
        return columns
    }
}
