import Testing

@testable import ArtifactStore

@Suite("The migration lint on tables made anew")
struct MigrationLintRebuildTests {
    private static let base = """
        -- Version 1: the base.
        CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT) STRICT;
        CREATE TABLE b (id INTEGER PRIMARY KEY, y TEXT) STRICT;
        CREATE INDEX aByX ON a (x);
        CREATE TRIGGER aIsFixed BEFORE UPDATE ON a BEGIN SELECT RAISE(ABORT, 'no'); END;
        CREATE TRIGGER bHasA BEFORE INSERT ON b
        WHEN NOT EXISTS (SELECT 1 FROM a WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'no'); END;

        """

    /// A rebuild in the safe order, a statement a line, which is line 2 and on of its file.
    private static let rebuild = [
        "DROP TRIGGER bHasA;",
        "CREATE TABLE aNew (id INTEGER PRIMARY KEY, x TEXT, z TEXT) STRICT;",
        "-- data-dependent: every row has its place",
        "INSERT INTO aNew (id, x) SELECT id, x FROM a ORDER BY id;",
        "DROP TABLE a;",
        "ALTER TABLE aNew RENAME TO a;",
        "CREATE INDEX aByX ON a (x);",
        "CREATE TRIGGER aIsFixed BEFORE UPDATE ON a BEGIN SELECT RAISE(ABORT, 'no'); END;",
        "CREATE TRIGGER bHasA BEFORE INSERT ON b BEGIN SELECT 1 FROM a; END;",
    ]

    private func found(_ lines: [String]) -> [String] {
        let text = (["-- Version 2: a rebuild."] + lines).joined(separator: "\n")
        return MigrationLint.findings(in: [("0001_a.sql", Array(Self.base.utf8)), ("0002_b.sql", Array(text.utf8))])
            .map { "\($0.line):\($0.column) \($0.rule.rawValue)" }
    }

    /// The rebuild with lines replaced, by their index; an empty one stands for nothing.
    private func found(_ changes: [Int: String]) -> [String] {
        var lines = Self.rebuild
        for (index, line) in changes { lines[index] = line }
        return found(lines)
    }

    @Test("A rebuild in the safe order breaks no rule, and its drop may say what it leaves behind")
    func safe() {
        #expect(found(Self.rebuild) == [])
        #expect(found([4: "-- destructive: x is not needed any more\nDROP TABLE a;"]) == [])
    }

    @Test("SQLite runs that rebuild")
    func runs() {
        let connection = ScratchConnection()
        let sql = Array((Self.base + Self.rebuild.joined(separator: "\n")).utf8)
        var tail = 0
        while tail < sql.count, let next = connection.run(sql, at: tail) { tail = next }
        #expect(tail == sql.count, "\(connection.message)")
    }

    @Test("Renaming the old table first is found")
    func oldFirst() {
        let lines = [
            "ALTER TABLE b RENAME TO bOld;",
            "CREATE TABLE b (id INTEGER PRIMARY KEY, y TEXT, z TEXT) STRICT;",
            "-- data-dependent: every row has its place",
            "INSERT INTO b (id, y) SELECT id, y FROM bOld;",
            "DROP TABLE bOld;",
        ]
        #expect(found(lines) == ["2:1 rebuild-order"])
    }

    @Test("A rename before the drop is found")
    func renameBeforeDrop() {
        #expect(found([4: Self.rebuild[5], 5: Self.rebuild[4]]).contains("6:1 rebuild-order"))
    }

    @Test("A copy that is missing, comes too late, or does not name its columns is found")
    func copies() {
        #expect(found([2: "", 3: ""]) == ["6:1 rebuild-order"])
        #expect(found([3: "INSERT INTO aNew (id, x) SELECT id, y FROM b;"]) == ["6:1 rebuild-order"])
        #expect(found([3: "INSERT INTO aNew SELECT id, x, NULL FROM a;"]) == ["5:1 rebuild-order"])
        #expect(found([3: "INSERT INTO aNew (id, x) SELECT * FROM a;"]) == ["5:1 rebuild-order"])
        #expect(found([3: "INSERT INTO aNew (id, x) SELECT o.* FROM a AS o;"]) == ["5:1 rebuild-order"])
        #expect(found([3: "INSERT INTO aNew (id, x) SELECT id, count(*) FROM \"A\" GROUP BY id;"]) == [])
        // Rows that shall go are said to.
        #expect(found([2: "", 3: "", 4: "-- destructive: nothing reads these rows\nDROP TABLE a;"]) == [])
        let late = found([2: "", 3: Self.rebuild[4], 4: "\(Self.rebuild[2])\n\(Self.rebuild[3])"])
        #expect(late == ["5:1 rebuild-order"])
    }

    @Test("A column that the copy leaves behind is found where the old table goes, unless that is said to be meant")
    func columns() {
        let copy = "INSERT INTO aNew (id) SELECT id FROM a;"
        #expect(found([3: copy]) == ["6:1 destructive"])
        #expect(found([3: copy, 4: "-- destructive: x is not needed any more\nDROP TABLE a;"]) == [])
        // Columns that earlier statements added and renamed count under their names of now.
        let changes = [
            "DROP TRIGGER bHasA;", "ALTER TABLE a ADD COLUMN \"New\" TEXT;", "-- destructive: y is the better name",
            "ALTER TABLE a RENAME COLUMN x TO y;",
        ].joined(separator: "\n")
        #expect(found([0: changes, 3: "INSERT INTO aNew (id, Y, new) SELECT id, y, new FROM a;"]) == [])
        #expect(found([0: changes]) == ["9:1 destructive"])
    }

    @Test("A trigger or view of another table that mentions it must be away while it is")
    func mentions() {
        #expect(found([0: "", 8: ""]) == ["7:1 rebuild-order"])
        #expect(found([0: "DROP TRIGGER bHasA;\nCREATE VIEW v AS SELECT x FROM main.a;"]) == ["8:1 rebuild-order"])
        #expect(found([0: "DROP TRIGGER bHasA;\nCREATE VIEW v AS SELECT b.y AS x, 'a' FROM b;"]) == [])
    }

    @Test("SQLite refuses the rename while such a trigger is there")
    func refusal() {
        let connection = ScratchConnection()
        let sql = Array((Self.base + Self.rebuild.dropFirst().joined(separator: "\n")).utf8)
        var tail = 0
        while tail < sql.count, let next = connection.run(sql, at: tail) { tail = next }
        #expect(String(decoding: sql[tail...].prefix(30), as: UTF8.self).contains("ALTER TABLE aNew RENAME TO a"))
        #expect(connection.message.contains("error in trigger bHasA"))
    }

    @Test("An index or trigger that went with the old table must be made again, or be dropped by name")
    func dependents() {
        #expect(found([6: ""]) == ["7:1 rebuild-order"])
        #expect(found([7: ""]) == ["7:1 rebuild-order"])
        #expect(found([7: "CREATE TRIGGER aIsFixed BEFORE UPDATE ON b BEGIN SELECT 1; END;"]) == ["7:1 rebuild-order"])
        #expect(found([0: "DROP TRIGGER bHasA;\nDROP INDEX aByX;", 6: ""]) == [])
        let dropped = "DROP TRIGGER bHasA;\n-- destructive: rows may change now\nDROP TRIGGER aIsFixed;"
        #expect(found([0: dropped, 7: ""]) == [])
        // What another table loses is missed, too.
        #expect(found([8: ""]) == ["2:1 destructive"])
    }
}
