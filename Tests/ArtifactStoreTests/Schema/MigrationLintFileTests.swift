import ArtifactSchema
import ArtifactStoreTesting
import Testing

@testable import ArtifactStore

@Suite("The migration lint on files as a whole")
struct MigrationLintFileTests {
    private func found(_ sql: [UInt8], name: String = "0001_base.sql") -> [String] {
        MigrationLint.findings(in: [(name, sql)]).map { "\($0.line):\($0.column) \($0.rule.rawValue)" }
    }

    private func found(_ sql: String, name: String = "0001_base.sql") -> [String] {
        found(Array(sql.utf8), name: name)
    }

    private static let header = "-- Version 1: the base.\n"

    @Test("The name has the next number in four digits, and words in lower case")
    func names() {
        func found(_ names: [String]) -> [String] {
            let files = names.enumerated().map { ($1, Array("-- Version \($0 + 1): a change.\nREINDEX;".utf8)) }
            return MigrationLint.findings(in: files).filter { $0.rule == .name }.map(\.file)
        }
        #expect(found(["0001_a.sql", "x/y/0002_b_2.sql"]) == [])
        #expect(found(["0001_a.sql", "0003_b.sql", "0004_c.sql"]) == ["0003_b.sql"])
        #expect(found(["0001_a.sql", "0001_b.sql"]) == ["0001_b.sql"])
        #expect(found(["0002_a.sql"]) == ["0002_a.sql"])
        for name in ["0001_A.sql", "0001.sql", "1_a.sql", "0001-a.sql", "0001_a", "a.sql", "", "0001_a.sql.sql"] {
            #expect(found([name]) == [name])
        }
    }

    @Test("The first line says which version it is, and what for")
    func header() {
        for sql in ["", "REINDEX;", "\n\(Self.header)", "-- Version 2: a.\n", "--Version 1: a.\n", "-- Version 1:  \n"]
        {
            #expect(found(sql) == ["1:1 header"], "\(sql)")
        }
        #expect(found(Self.header) == [])
        #expect(found("\u{FEFF}\(Self.header)") == [])
        #expect(found("-- Version 7: the base.", name: "0007_a.sql") == ["1:1 name"])
    }

    @Test(
        "What has no end is found where it begins",
        arguments: [
            ("REINDEX", "2:1"), ("REINDEX; -- a\n  REINDEX -- b\n", "3:3"), ("REINDEX; /* a;", "2:10"),
            ("DROP INDEX 'a;", "2:12"), ("DROP INDEX \"a\"\";", "2:12"), ("DROP INDEX [a;", "2:12"),
            ("CREATE TRIGGER t AFTER INSERT ON b BEGIN SELECT 1;", "2:1"),
        ])
    func unterminated(sql: String, place: String) {
        #expect(found(Self.header + sql) == ["\(place) unterminated"])
    }

    @Test("A NUL, and what is not UTF-8, are found at their places; nothing behind a NUL is run or checked")
    func bytes() {
        #expect(found("\(Self.header)REINDEX\u{0}; COMMIT; '") == ["2:8 nul"])
        #expect(found("\(Self.header)-- é\u{0}\u{0}") == ["2:5 nul"])
        #expect(found(Array(Self.header.utf8) + [0x2D, 0x2D, 0xC3, 0xA9, 0xC3, 0x28]) == ["2:4 not-utf8"])
        #expect(found(Array(Self.header.utf8) + [0x2D, 0x2D, 0xED, 0xA0, 0x80]) == ["2:3 not-utf8"])
        #expect(found("\(Self.header)-- é😀\n") == [])
    }

    @Test("What SQLite has no token for is found, and variables")
    func illegal() {
        let places = ["^", "1a", "x'0'", "?1", ":a", "!"].map { token in
            found("\(Self.header)INSERT INTO a VALUES (\(token));")
        }
        #expect(places == Array(repeating: ["2:23 illegal-token"], count: 6))
        #expect(found("\(Self.header)INSERT INTO a VALUES ('^', x'00', 1 != 2);") == [])
    }

    @Test("A finding says where, what, and what to do")
    func finding() throws {
        let finding = try #require(
            MigrationLint.findings(in: [("m/0001_a.sql", Array("\(Self.header)\tvacuum;".utf8))]).first)
        #expect(finding.description == "m/0001_a.sql:2:2: vacuum: VACUUM cannot run in a transaction")
        #expect(finding.hint == "Remove it; nothing needs it.")
    }

    // MARK: - Anything

    private static let pieces = [
        "COMMIT;", ";COMMIT;", "'", "\"", "/*", "*/", "--", "\n", "[", "]", "ROLLBACK;", "END;", "BEGIN;",
        "END; COMMIT;",
        "EXPLAIN ", "CREATE TRIGGER ", "\u{FEFF}", "\u{C}", "x'", "$a(", "SAVEPOINT a;", "RELEASE a;", "\u{0}",
    ]

    @Test("Random bytes and mutated migrations are checked to the end, in order")
    func total() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<2000 { _ = found(MutatedText.random(&generator)) }
        for _ in 0..<40 {
            let files = Schema.migrations.map {
                ($0.name, MutatedText.mutated($0.sql, inserting: Self.pieces, &generator))
            }
            for file in Dictionary(grouping: MigrationLint.findings(in: files), by: \.file).values {
                let places = file.map { [$0.line, $0.column] }
                #expect(places == places.sorted { $0.lexicographicallyPrecedes($1) })
                #expect(file.allSatisfy { !$0.message.isEmpty && $0.hint.hasSuffix(".") })
            }
        }
    }

    /// Runs statement after statement in a transaction, until one fails.
    private func staysInTransaction(_ sql: [UInt8]) -> Bool {
        let connection = ScratchConnection()
        _ = connection.run(Array("BEGIN".utf8), at: 0)
        var tail = 0
        while tail < sql.count, sql[tail] != 0, let next = connection.run(sql, at: tail) {
            guard connection.isInTransaction else { return false }
            tail = next
        }
        return true
    }

    @Test("What shows no transaction control leaves SQLite in its transaction")
    func agreesWithSQLite() {
        var generator = SeededGenerator(seed: 5)
        let script = Array(
            """
            -- Version 1: the base; it's small.
            CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT DEFAULT 'a;b', "END" TEXT) STRICT; /* ; */
            CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; SELECT 1; END;
            CREATE TABLE [b;] (id INTEGER PRIMARY KEY, y BLOB DEFAULT x'00') STRICT;
            INSERT INTO a (x) VALUES ('it''s; COMMIT;'); -- COMMIT;
            UPDATE a SET x = 1;

            """.utf8)
        var counts = (clean: 0, left: 0)
        for round in 0..<2000 {
            let original = round % 50 == 0 ? Schema.migrations[0].sql : script
            let piece = Self.pieces.randomElement(using: &generator) ?? ""
            let sql =
                Bool.random(using: &generator)
                ? MutatedText.mutated(original, inserting: Self.pieces, &generator)
                : MutatedText.inserting(piece, atSomeSemicolonOf: original, &generator)
            let isClean = !MigrationLint.findings(in: [("0001_a.sql", sql)]).contains { $0.rule == .transactionControl }
            let stays = staysInTransaction(sql)
            if isClean {
                #expect(stays, "\(String(decoding: sql, as: UTF8.self))")
                counts.clean += 1
            } else if !stays {
                counts.left += 1
            }
        }
        // Both sides of the comparison occur: else it would prove nothing.
        #expect(counts.clean > 500 && counts.left > 50, "\(counts)")
    }
}
