import ArtifactSchema
import ArtifactStoreTesting
import Testing

@testable import ArtifactStore

@Suite("The migration lint")
struct MigrationLintTests {
    private static let base = """
        -- Version 1: the base.
        CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT) STRICT;
        CREATE TABLE b (id INTEGER PRIMARY KEY, y TEXT) STRICT;
        CREATE INDEX aByX ON a (x);
        CREATE UNIQUE INDEX aOnce ON a (x, id);
        CREATE TRIGGER aIsFixed BEFORE UPDATE ON a BEGIN SELECT RAISE(ABORT, 'no'); END;
        CREATE TRIGGER bHasA BEFORE INSERT ON b
        WHEN NOT EXISTS (SELECT 1 FROM a WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'no'); END;

        """

    /// What is found in these statements, which are lines 2 and on of the second file: `line:column rule`.
    private func found(_ sql: String, name: String = "0002_change.sql") -> [String] {
        let text = "-- Version 2: a change.\n\(sql)"
        return MigrationLint.findings(in: [("0001_base.sql", Array(Self.base.utf8)), (name, Array(text.utf8))])
            .map { "\($0.line):\($0.column) \($0.rule.rawValue)" }
    }

    @Test("This package's own migrations break no rule")
    func ownHistory() {
        #expect(MigrationLint.findings(in: Schema.migrations.map { ($0.name, $0.sql) }) == [])
        #expect(Schema.migrations.count >= 3)
        #expect(found("") == [])
    }

    // MARK: - Statements

    @Test(
        "Transaction control is found in every disguise",
        arguments: [
            ("COMMIT;", "2:1"), ("cOmMiT;", "2:1"), ("/**/COMMIT;", "2:5"), (";;COMMIT;", "2:3"),
            ("\u{FEFF}COMMIT;", "2:2"), ("\u{C}COMMIT\u{C};", "2:2"), ("EXPLAIN COMMIT;", "2:1"),
            ("EXPLAIN QUERY PLAN COMMIT;", "2:1"), ("-- it's\nCOMMIT;", "3:1"), ("/* ' */ COMMIT;", "2:9"),
            ("INSERT INTO a VALUES (1, 'it''s;''');COMMIT;", "2:38"),
            ("INSERT INTO a VALUES (1, \"a\"\";\");COMMIT;", "2:34"),
            ("CREATE TRIGGER t AFTER INSERT ON b BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; END; COMMIT;", "2:80"),
            ("BEGIN;", "2:1"), ("END;", "2:1"), ("ROLLBACK;", "2:1"), ("SAVEPOINT s;", "2:1"), ("RELEASE s;", "2:1"),
            ("BEGIN IMMEDIATE TRANSACTION;", "2:1"), ("COMMIT--\n;", "2:1"), ("--\rx\nCOMMIT;", "3:1"),
        ])
    func transactionControl(sql: String, place: String) {
        #expect(found(sql) == ["\(place) transaction-control"])
    }

    @Test(
        "Words of transaction control that are none are left alone",
        arguments: [
            "INSERT INTO a VALUES (1, 'COMMIT;');", "-- COMMIT;\n", "/* ; COMMIT; */",
            "INSERT INTO a VALUES (1, ';COMMIT;');",
            "CREATE TABLE \"COMMIT\" (\"END\" TEXT, [ROLLBACK] TEXT, `BEGIN` TEXT) STRICT;",
            "CREATE TRIGGER t AFTER INSERT ON b BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END;",
            "CREATE TRIGGER t AFTER UPDATE OF y ON b BEGIN DELETE FROM b WHERE y = 'a'; UPDATE b SET y = \"COMMIT\"; END;",
            "CREATE TABLE c (rollback TEXT, release TEXT, begin TEXT, end TEXT) STRICT;",
        ])
    func nearMisses(sql: String) {
        #expect(found(sql) == [])
    }

    @Test(
        "Statements that no migration may hold",
        arguments: [
            ("ATTACH 'x' AS y;", "2:1 attach"), ("DETACH y;", "2:1 attach"), ("EXPLAIN ATTACH 'x' AS y;", "2:1 attach"),
            ("VACUUM;", "2:1 vacuum"), ("/* */ vacuum INTO 'x';", "2:7 vacuum"),
            ("PRAGMA foreign_keys = OFF;", "2:1 pragma"), ("explain pragma x;", "2:1 pragma"),
            ("SELECT 1;", "2:1 unknown-statement"), ("ANALYZE;", "2:1 unknown-statement"),
            ("WITH c AS (SELECT 1) SELECT * FROM c;", "2:1 unknown-statement"), ("(1);", "2:1 unknown-statement"),
            ("EXPLAIN DROP TABLE a;", "2:1 unknown-statement"), ("'x';", "2:1 unknown-statement"),
            ("CREATE TEMP TABLE c (x TEXT) STRICT;", "2:1 temporary"),
            ("CREATE TEMPORARY VIEW v AS SELECT 1;", "2:1 temporary"),
            ("CREATE TABLE temp.c (x TEXT) STRICT;", "2:1 temporary"),
            ("CREATE TABLE c (x TEXT);", "2:1 strict"), ("CREATE TABLE c (strict TEXT);", "2:1 strict"),
            ("CREATE TABLE c AS SELECT 1 AS strict;", "2:1 strict"),
            ("CREATE TABLE IF NOT EXISTS c (x TEXT) STRICT;", "2:14 if-not-exists"),
            ("DROP INDEX IF EXISTS aByX;", "2:12 if-not-exists"),
        ])
    func refused(sql: String, finding: String) {
        #expect(found(sql) == [finding])
    }

    @Test(
        "Statements like those that a migration may hold",
        arguments: [
            "REINDEX;", "DROP INDEX aByX;", "CREATE VIRTUAL TABLE c USING fts5(x);", "CREATE VIEW v AS SELECT 1;",
            "CREATE TABLE c (x TEXT) WITHOUT ROWID, STRICT;", "CREATE TABLE attach (pragma TEXT, vacuum TEXT) STRICT;",
            "CREATE TABLE main.c (x TEXT) STRICT;", "CREATE TABLE if (x TEXT) STRICT;",
            "INSERT INTO a VALUES (1, 'x');", "ALTER TABLE a ADD COLUMN z TEXT;", "CREATE INDEX i ON a (id);",
        ])
    func allowed(sql: String) {
        #expect(found(sql) == [])
    }

    // MARK: - Markers

    @Test(
        "What destroys, or depends on the rows, needs a marker of that kind",
        arguments: [
            ("DROP TABLE b;", "destructive"), ("DROP TABLE 'b';", "destructive"),
            ("ALTER TABLE b DROP COLUMN y;", "destructive"), ("ALTER TABLE b RENAME COLUMN y TO z;", "destructive"),
            ("ALTER TABLE b RENAME y TO z;", "destructive"), ("ALTER TABLE b RENAME TO c;", "destructive"),
            ("DELETE FROM b;", "destructive"), ("UPDATE b SET y = 1;", "destructive"),
            ("WITH c AS (SELECT 1) DELETE FROM b;", "destructive"), ("REPLACE INTO b VALUES (1, 'y');", "destructive"),
            ("INSERT OR REPLACE INTO b VALUES (1, 'y');", "destructive"), ("DROP TRIGGER bHasA;", "destructive"),
            ("DROP INDEX aOnce;", "destructive"), ("INSERT INTO a SELECT id, y FROM b;", "data-dependent"),
            ("INSERT OR IGNORE INTO a VALUES (1, 'x');", "data-dependent"),
            ("INSERT INTO a VALUES (1, 'x') ON CONFLICT DO NOTHING;", "data-dependent"),
            ("CREATE UNIQUE INDEX i ON b (y);", "data-dependent"),
            ("ALTER TABLE b ADD COLUMN z TEXT CHECK (y <> z);", "data-dependent"),
            ("ALTER TABLE b ADD z INTEGER REFERENCES a (id);", "data-dependent"),
            ("ALTER TABLE b ADD COLUMN z TEXT NOT NULL DEFAULT '';", "data-dependent"),
        ])
    func markers(sql: String, kind: String) {
        let other = kind == "destructive" ? "data-dependent" : "destructive"
        #expect(found(sql) == ["2:1 \(kind)"])
        #expect(found("-- \(kind): the reason why\n\(sql)") == [])
        #expect(found("--\(kind.uppercased()) :the reason why\r\n-- more of it\n\(sql)") == [])
        #expect(found("-- \(kind): 12345 6789 10\n\(sql)") == ["2:1 marker-without-reason"])
        #expect(found("-- \(kind): because  \n\(sql)") == ["2:1 marker-without-reason"])
        #expect(found("-- \(kind): the reason why\n\n\(sql)") == ["2:1 needless-marker", "4:1 \(kind)"])
        #expect(found("/* \(kind): the reason why */\n\(sql)") == ["3:1 \(kind)"])
        // These do both, and either reason will do.
        let isBoth = ["UPDATE", "DELETE FROM", "REPLACE"].contains { sql.contains($0) }
        #expect(
            found("-- \(other): the reason why\n\(sql)") == (isBoth ? [] : ["2:1 needless-marker", "3:1 \(kind)"]))
    }

    @Test("A marker that nothing needs is found, wherever it stands")
    func needless() {
        let marker = "-- destructive: the reason why"
        #expect(found("\(marker)\nCREATE TABLE c (x TEXT) STRICT;") == ["2:1 needless-marker"])
        #expect(found(marker) == ["2:1 needless-marker"])
        #expect(found("CREATE TABLE c (x TEXT\n  \(marker)\n) STRICT;") == ["3:3 needless-marker"])
        #expect(found("REINDEX; \(marker)\nDROP TABLE b;") == ["2:10 needless-marker", "3:1 destructive"])
        #expect(found("-- not destructive: the reason why\nREINDEX;") == [])
    }

    @Test("What a file made itself may go again, and a rule may be written anew")
    func ownTables() {
        #expect(
            found(
                """
                CREATE TABLE c (x TEXT, y TEXT) STRICT;
                CREATE UNIQUE INDEX cOnce ON c (x);
                ALTER TABLE c ADD COLUMN z TEXT CHECK (z <> '');
                ALTER TABLE c DROP COLUMN y;
                ALTER TABLE c RENAME TO d;
                DROP TABLE d;
                DROP TRIGGER bHasA;
                CREATE TRIGGER bHasA BEFORE INSERT ON b BEGIN SELECT 1; END;
                DROP INDEX aOnce;
                CREATE UNIQUE INDEX aOnce ON a (x, id);
                """) == [])
        #expect(
            found("CREATE TABLE IF NOT EXISTS b (y TEXT) STRICT;\nDROP TABLE b;") == [
                "2:14 if-not-exists", "3:1 destructive",
            ])
        #expect(found("DROP INDEX aOnce;\nCREATE UNIQUE INDEX aOnce ON a (x);") == ["3:1 data-dependent"])
        #expect(
            found(
                """
                CREATE TABLE c (x TEXT) STRICT;
                -- data-dependent: the reason why
                INSERT INTO c (x) SELECT y FROM b;
                CREATE UNIQUE INDEX cOnce ON c (x);
                """) == ["5:1 data-dependent"])
    }
}
