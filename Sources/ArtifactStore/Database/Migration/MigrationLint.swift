/// Checks migrations against the rules of `migrations/README.md` without running them.
struct MigrationLint {
    /// A statement with what it does and the markers above it.
    struct Step {
        let statement: SQLStatement
        let action: SQLAction
        let markers: [LintMarker]

        var start: SQLToken { statement.start }
    }

    let file: String
    /// What the earlier files made.
    let before: LintSchema
    /// What they and this file's statements up to the one at hand made.
    var now: LintSchema
    /// The tables that this file made, under the names they have now.
    var made: Set<String> = []
    /// Those among them that hold rows of other tables.
    var filled: Set<String> = []
    let tokens: [SQLToken]
    let steps: [Step]
    var findings: [LintFinding] = []

    /// What is wrong in these files, in their order and from top to bottom. Each is checked against what those before it
    /// make, so the list begins with the first migration.
    ///
    /// - Parameter files: Their names, or paths that end in them, and their bytes; whatever those are.
    static func findings(in files: [(name: String, sql: [UInt8])]) -> [LintFinding] {
        var schema = LintSchema()
        var version = 0
        return files.flatMap { file in
            var lint = MigrationLint(file.name, file.sql, after: schema)
            version = lint.checkName(expecting: version + 1)
            lint.checkHeader(version)
            lint.checkText(file.sql)
            lint.checkStatements()
            schema = lint.now
            return lint.findings.enumerated().sorted { left, right in
                (left.element.line, left.element.column, left.offset)
                    < (right.element.line, right.element.column, right.offset)
            }.map(\.element)
        }
    }

    private init(_ file: String, _ sql: [UInt8], after schema: LintSchema) {
        self.file = file
        before = schema
        now = schema
        // What stands behind a NUL is never run.
        tokens = SQLTokenizer.tokens(of: Array(sql.prefix { $0 != 0 }))
        steps = SQLStatement.statements(of: tokens).map { statement in
            Step(
                statement: statement, action: SQLAction(statement),
                markers: statement.commentBlock.compactMap(LintMarker.init))
        }
    }

    mutating func report(_ rule: LintRule, at token: SQLToken, _ message: String, hint: String) {
        report(rule, line: token.line, column: token.column, message, hint: hint)
    }

    private mutating func report(_ rule: LintRule, line: Int = 1, column: Int = 1, _ message: String, hint: String) {
        findings.append(
            LintFinding(file: file, line: line, column: column, rule: rule, message: message, hint: hint))
    }

    /// - Returns: The version that the name gives, or else the one expected.
    private mutating func checkName(expecting version: Int) -> Int {
        let name = file.split(separator: "/").last ?? ""
        let digits = String(version)
        let start = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let given = Int(name.prefix(4))
        if name.wholeMatch(of: /[0-9]{4}_[a-z0-9_]+\.sql/) == nil || given != version {
            report(
                .name, "\(name) is not the name of version \(version)",
                hint: "Call it \(start)_what_it_is_about.sql: the next number in four digits, then words in lower case."
            )
        }
        return given ?? version
    }

    private mutating func checkHeader(_ version: Int) {
        let first = tokens.first { $0.bytes != [0xEF, 0xBB, 0xBF] }
        let start = "-- Version \(version): "
        guard
            first?.kind != .lineComment || first?.text.hasPrefix(start) != true
                || first?.text.dropFirst(start.count).contains(where: \.isLetter) != true
        else { return }
        report(
            .header, "the first line does not say what version \(version) is for",
            hint: "Begin the file with a comment: \(start)what changes, and why on the lines below.")
    }

    private mutating func checkText(_ sql: [UInt8]) {
        if let nul = sql.firstIndex(of: 0) {
            let place = Self.place(of: nul, in: sql)
            report(
                .nul, line: place.line, column: place.column, "a NUL byte: SQLite reads no further",
                hint: "Remove it; what stands behind it was not checked.")
        } else if let last = steps.last, !last.statement.isComplete, last.statement.tokens.allSatisfy(\.isComplete),
            tokens.last?.isComplete == true
        {
            report(.unterminated, at: last.start, "the statement has no end", hint: "Write a semicolon behind it.")
        }
        if let invalid = Self.firstInvalidUTF8(sql) {
            let place = Self.place(of: invalid, in: sql)
            report(
                .notUTF8, line: place.line, column: place.column, "the text is not UTF-8 from here on",
                hint: "Save the file as UTF-8.")
        }
        for token in tokens where !token.isComplete && !sql.contains(0) {
            report(
                .unterminated, at: token, "\(token.isComment ? "the comment" : "what is quoted here") has no end",
                hint: "Close it; it takes the rest of the file.")
        }
        for token in tokens where token.kind == .illegal || token.kind == .variable {
            report(
                .illegalToken, at: token,
                token.kind == .illegal ? "SQLite has no such token" : "nothing is bound to a variable in a migration",
                hint: token.kind == .illegal ? "Remove it, or quote it." : "Write the value itself.")
        }
    }

    private static func place(of offset: Int, in sql: [UInt8]) -> (line: Int, column: Int) {
        let above = sql[..<offset]
        let line = above[(above.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)...]
        return (above.count { $0 == UInt8(ascii: "\n") } + 1, line.count { $0 & 0xC0 != 0x80 } + 1)
    }

    private static func firstInvalidUTF8(_ sql: [UInt8]) -> Int? {
        var parser = Unicode.UTF8.ForwardParser()
        var bytes = sql.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &bytes) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}
