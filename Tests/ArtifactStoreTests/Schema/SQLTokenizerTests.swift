import ArtifactSchema
import ArtifactStoreTesting
import Testing

@testable import ArtifactStore

@Suite("Taking SQL apart")
struct SQLTokenizerTests {
    private func tokens(_ sql: String) -> [SQLToken] {
        SQLTokenizer.tokens(of: Array(sql.utf8))
    }

    @Test("Tokens one after the other are the input, whatever the bytes")
    func total() {
        var generator = SeededGenerator(seed: 1)
        let pieces = ["'", "\"", "/*", "*/", "--", "[", "x'", "\u{0}", "$a(", ";"]
        let inputs =
            (0..<3000).map { _ in MutatedText.random(&generator) }
            + (0..<30).flatMap { _ in
                Schema.migrations.map { MutatedText.mutated($0.sql, inserting: pieces, &generator) }
            }
        for input in inputs {
            let tokens = SQLTokenizer.tokens(of: input)
            #expect(tokens.flatMap(\.bytes) == input)
            #expect(tokens.allSatisfy { !$0.range.isEmpty })
        }
    }

    @Test(
        "Each token has its kind",
        arguments: [
            ("select Ünder_score a$1 _x", [SQLToken.Kind.word, .word, .word, .word]),
            ("\"a\"\"b\" `a``b` [a\"b]", [.quotedName, .quotedName, .quotedName]),
            ("'it''s' '' x'0aF0' X''", [.string, .string, .blob, .blob]),
            ("x'0' x'0g'", [.illegal, .illegal]),
            ("0 1.5 .5 1. 1e9 1E-9 0xFf 1_000 0x1_F", Array(repeating: .number, count: 9)),
            ("1a 0xg 1e", [.illegal, .illegal, .illegal]),
            ("-> ->> || <> != <= >= == << >> . ~ & | < > = - / *", Array(repeating: .symbol, count: 20)),
            ("? ?12 :a @a $a #a $a::b(c)", Array(repeating: .variable, count: 7)),
            (": @ $ ^ \\ ! { }", Array(repeating: .illegal, count: 8)),
            ("--x\n/* -- */ -- y", [.lineComment, .blockComment, .lineComment]),
            ("/**/ /*/ */", [.blockComment, .blockComment]),
            ("\u{FEFF}COMMIT\u{C}\r\n;", [.word, .symbol]),
            ("\u{B}a \u{B}b", [.illegal, .word, .word]),
        ])
    func kinds(sql: String, kinds: [SQLToken.Kind]) {
        #expect(tokens(sql).filter { $0.kind != .space }.map(\.kind) == kinds)
    }

    @Test("What has no end takes the rest", arguments: ["'a", "\"a", "`a", "[a", "/*a", "x'0a", "'a''"])
    func incomplete(sql: String) {
        #expect(tokens("SELECT \(sql)").map(\.isComplete) == [true, true, false])
        #expect(tokens("\(sql);\n").count == 1)
    }

    @Test("A name is the same in every kind of quotes, and never a keyword in any")
    func names() {
        for sql in ["Commit", "\"commit\"", "[COMMIT]", "`commit`", "'commit'"] {
            let token = tokens(sql)[0]
            #expect(token.name == "commit")
            #expect(token.isWord("COMMIT") == (sql == "Commit"))
        }
        #expect(tokens("\"a\"\"B\"")[0].name == "a\"b")
        #expect(tokens("12")[0].name == nil)
    }

    @Test("Lines and columns count characters from 1")
    func places() {
        let places = tokens("é 'a\nb'  c\n\td").filter(\.isSignificant).map { [$0.line, $0.column, $0.lastLine] }
        #expect(places == [[1, 1, 1], [1, 3, 2], [2, 5, 2], [3, 2, 3]])
    }

    /// SQLite names the token at which it gives up, and no statement begins with one of these.
    @Test("The first token of anything is the one that SQLite complains about")
    func firstToken() throws {
        var generator = SeededGenerator(seed: 2)
        let alphabet = Array("'\"`[]/*-.:$@#?xX01e aé\n\u{B}\u{C}\\!<>=|~&%+(),{^")
        let connection = ScratchConnection()
        var compared = 0
        for _ in 0..<5000 {
            let length = Int.random(in: 1...12, using: &generator)
            let sql = String((0..<length).compactMap { _ in alphabet.randomElement(using: &generator) })
            guard let first = tokens(sql).first(where: \.isSignificant) else { continue }
            try #require(connection.run(Array(sql.utf8), at: 0) == nil, "\(sql)")
            let isIllegal = first.kind == .illegal || !first.isComplete
            let complaint = isIllegal ? "unrecognized token: \"\(first.text)\"" : "near \"\(first.text)\": syntax error"
            #expect(connection.message == complaint, "\(sql)")
            compared += 1
        }
        #expect(compared > 4000)
    }

    // MARK: - Statements

    @Test("Statements of every migration end where SQLite's parser ends them")
    func tails() throws {
        let connection = ScratchConnection()
        for migration in Schema.migrations {
            let statements = SQLStatement.statements(of: SQLTokenizer.tokens(of: migration.sql))
            var tail = 0
            for (index, statement) in statements.enumerated() {
                tail = try #require(connection.run(migration.sql, at: tail), "\(connection.message)")
                let end = try #require(statement.tokens.last?.range.upperBound)
                let next =
                    index + 1 < statements.count ? statements[index + 1].start.range.lowerBound : migration.sql.count
                #expect((end...next).contains(tail), "\(migration.name):\(statement.start.line)")
            }
            #expect(connection.run(migration.sql, at: tail) == migration.sql.count)
            #expect(statements.count > 2 && statements.allSatisfy(\.isComplete))
        }
    }

    @Test("A text is complete when sqlite3_complete() says so")
    func complete() {
        var generator = SeededGenerator(seed: 3)
        let pieces = [
            "CREATE", "create", "TEMP", "TEMPORARY", "TRIGGER", "EXPLAIN", "QUERY", "PLAN", "BEGIN", "END", "end", "x",
            "1", ",", ";", ";", ";", "'a;b'", "\"END\"", "[;]", "`;`", "--c;\n", "/*;*/", "'", "/*", "-", ":END",
        ]
        var counts = [false: 0, true: 0]
        for _ in 0..<5000 {
            let length = Int.random(in: 0...9, using: &generator)
            let text =
                (0..<length).compactMap { _ in pieces.randomElement(using: &generator) }.joined(separator: " ")
                + (Bool.random(using: &generator) ? " ;" : "")
            let tokens = tokens(text)
            let isComplete =
                tokens.last(where: \.isSignificant)?.isSymbol(";") == true && tokens.allSatisfy(\.isComplete)
                && SQLStatement.statements(of: tokens).allSatisfy(\.isComplete)
            #expect(isComplete == ScratchConnection.isComplete(text), "\(text)")
            counts[isComplete, default: 0] += 1
        }
        #expect(counts.values.allSatisfy { $0 > 500 })
    }

    @Test("A statement has the comments above it, and those directly above it apart")
    func comments() throws {
        let sql = """
            -- far

            -- near
            /* nearer */ -- nearest
            DROP TABLE a; -- behind
            -- above
            DROP /* inside */ TABLE b
            """
        let statements = SQLStatement.statements(of: tokens(sql))
        try #require(statements.count == 2)
        #expect(statements[0].comments.map(\.text) == ["-- far", "-- near", "/* nearer */", "-- nearest"])
        #expect(statements[0].commentBlock.map(\.text) == ["-- near", "/* nearer */", "-- nearest"])
        #expect(statements[1].commentBlock.map(\.text) == ["-- above"])
        #expect(statements.map(\.start.line) == [5, 7] && statements.map(\.isComplete) == [true, false])
        #expect(statements.map(\.tokens.count) == [3, 3])
    }
}
