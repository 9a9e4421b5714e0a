import Testing

/// Something at a database path that no command may use or change, and what is said of it.
struct OddFile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The exit code of every command that is tried.
    let code: Int32
    /// What the error must name.
    let reason: String
    /// Makes it out of a frozen store; a shell script with `$DB` as the path, and `sql`, `cut`, `poke` as tools.
    let script: String
    var version = 5
    var commands = OddFile.every

    /// Each of them opens the store in a way of its own.
    static let every = [
        ["list"], ["events"], ["sweep"], ["migrate", "plan"], ["migrate", "up"], ["migrate", "verify"],
        ["backup", "BACKUP"], ["init"],
    ]
    static let reading = [["list"], ["events"], ["stats"], ["migrate", "plan"], ["backup", "BACKUP"]]
    static let migrating = [["migrate", "plan"], ["migrate", "up"], ["backup", "BACKUP"]]

    private static let history = [
        OddFile("version 1 was edited", 10, "0001_artifacts.sql was edited", ledger("chainHash = '\(zeros)'", 1)),
        OddFile("version 2 was edited", 10, "0002_ledger_is_fixed.sql was edited", ledger("chainHash = '\(zeros)'", 2)),
        OddFile(
            "version 3 was edited", 10, "0003_cached_input_usage.sql was edited", ledger("chainHash = '\(zeros)'", 3)),
        OddFile("version 4 was edited", 10, "0004_deletion.sql was edited", ledger("chainHash = '\(zeros)'", 4)),
        OddFile(
            "version 5 was edited", 10, "0005_catalogue_cost_search.sql was edited",
            ledger("chainHash = '\(zeros)'", 5)),
        OddFile("a hash in capitals", 10, "was edited", ledger("chainHash = upper(chainHash)", 1)),
        OddFile("a hash that is cut off", 10, "was edited", ledger("chainHash = substr(chainHash, 1, 63)", 2)),
        OddFile(
            "two hashes that changed places", 10, "was edited",
            unguarded(
                """
                UPDATE schemaMigration SET chainHash = (SELECT chainHash FROM schemaMigration WHERE version = 1)
                WHERE version = 2
                """)),
        OddFile("version 1 has another name", 10, "0001_images.sql was removed", ledger("name = '0001_images.sql'", 1)),
        OddFile("version 2 has another name", 10, "0002_x.sql was removed", ledger("name = '0002_x.sql'", 2)),
        OddFile("version 3 has another name", 10, "0003_x.sql was removed", ledger("name = '0003_x.sql'", 3)),
        OddFile("a name in capitals", 10, "0001_ARTIFACTS.sql was removed", ledger("name = '0001_ARTIFACTS.sql'", 1)),
        OddFile("version 1 is not in the ledger", 10, "0001_artifacts.sql was inserted", without("version = 1")),
        OddFile("version 2 is not in the ledger", 10, "0002_ledger_is_fixed.sql was inserted", without("version = 2")),
        OddFile(
            "two versions changed places", 10, "was reordered",
            unguarded(
                """
                UPDATE schemaMigration SET name = CASE version
                    WHEN 1 THEN '0002_ledger_is_fixed.sql' ELSE '0001_artifacts.sql' END WHERE version < 3
                """)),
        OddFile(
            "a migration between two others", 10, "0001_between.sql was removed",
            unguarded(
                """
                UPDATE schemaMigration SET version = version + 100 WHERE version > 1;
                UPDATE schemaMigration SET version = version - 99 WHERE version > 100;
                INSERT INTO schemaMigration VALUES (2, '0001_between.sql', '\(zeros)', 0, '9.9.9', 0)
                """)),
        OddFile(
            "a version below 1", 10, "is version -1 there, and 1 here",
            unguarded("UPDATE schemaMigration SET version = -1 WHERE version = 1")),
        OddFile("a version is skipped", 10, "0005_catalogue_cost_search.sql", ledger("version = 6", 5)),
        OddFile("one version newer", 6, "9.9.9", newer("(6, '0006_next.sql', '\(zeros)', 0, '9.9.9', 0)")),
        OddFile(
            "two versions newer", 6, "9.9.9",
            newer(
                """
                (6, '0006_a.sql', '\(zeros)', 0, '9.9.9', 0), (7, '0007_b.sql', '\(zeros)', 0, '9.9.9', 0)
                """)),
        OddFile(
            "a newer version far away", 6, "schema version 900", newer("(900, '0900_a.sql', '\(zeros)', 0, '9.9.9', 0)")
        ),
        OddFile(
            "an older store with another second version", 10, "0002_other.sql was removed",
            "sql \"INSERT INTO schemaMigration VALUES (2, '0002_other.sql', '\(zeros)', 0, '9.9.9', 0)\"", version: 1),
        OddFile("an empty ledger", 7, "no schema", without("1")),
        OddFile("no ledger", 7, "no schema", "sql 'DROP TABLE schemaMigration'"),
        OddFile("a ledger under another name", 7, "no schema", "sql 'ALTER TABLE schemaMigration RENAME TO ledger'"),
        OddFile(
            "a ledger without hashes", 7, "no schema",
            """
            sql 'DROP TABLE schemaMigration; CREATE TABLE schemaMigration (version INTEGER PRIMARY KEY, name TEXT)'
            """),
        OddFile(
            "version 5 is not in the ledger, but in the schema", 10, "the schema is not the one that version 4 makes",
            without("version = 5"), commands: migrating),
    ]

    private static let identity = [
        OddFile(
            "no application id", 7, "another application's database (application id 0)",
            "sql 'PRAGMA application_id = 0'"),
        OddFile(
            "a GeoPackage's application id", 7, "application id 1196444487", "sql 'PRAGMA application_id = 0x47504B47'"),
        OddFile("an application id below 0", 7, "application id", "sql 'PRAGMA application_id = -1'"),
        OddFile("another application's database", 7, "another application's", "rm $DB; sql 'CREATE TABLE a (b)'"),
        OddFile(
            "another application's database in WAL mode", 7, "another application's",
            "rm $DB; sql 'PRAGMA journal_mode = WAL; CREATE TABLE a (b)'"),
        OddFile(
            "a database of GRDB's migrator", 7, "another application's",
            "rm $DB; sql 'CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)'"),
        OddFile(
            "a database of Flyway's", 7, "another application's",
            "rm $DB; sql 'CREATE TABLE flyway_schema_history (installed_rank INT PRIMARY KEY, version TEXT)'"),
        OddFile(
            "our mark on another application's tables", 7, "no schema",
            "rm $DB; sql 'PRAGMA application_id = 0x41727473; CREATE TABLE artifact (id TEXT)'"),
        OddFile(
            "our mark on a database in UTF-16", 7, "no schema",
            """
            rm $DB; sql "PRAGMA encoding = 'UTF-16'; PRAGMA application_id = 0x41727473; CREATE TABLE a (b)"
            """),
        OddFile(
            "our mark and nothing else", 7, "no schema",
            "rm $DB; sql 'PRAGMA application_id = 0x41727473; VACUUM'"),
    ]

    private static let bytes = [
        OddFile("a text file", 7, "is not a SQLite database", "echo 'dear diary' > $DB"),
        OddFile("a PNG", 7, "is not a SQLite database", "cp \"$EXAMPLE\" $DB"),
        OddFile("a script", 7, "is not a SQLite database", "printf '#!/bin/sh\\necho hello\\n' > $DB"),
        OddFile("SQL", 7, "is not a SQLite database", "echo 'CREATE TABLE a (b);' > $DB"),
        OddFile("JSON", 7, "is not a SQLite database", "echo '{\"artifactId\": \"art_1\"}' > $DB"),
        OddFile("a compressed store", 7, "is not a SQLite database", "gzip -c $DB > $DB.gz; mv $DB.gz $DB"),
        OddFile(
            "a store with a byte before it", 7, "is not a SQLite database",
            "(printf x; cat $DB) > $DB.x; mv $DB.x $DB"),
        OddFile("random bytes", 7, "is not a SQLite database", "head -c 8192 /dev/urandom > $DB"),
        OddFile("zeros", 7, "is not a SQLite database", "head -c 8192 /dev/zero > $DB"),
        OddFile("one byte", 7, "is not a SQLite database", "printf S > $DB"),
        OddFile("the magic alone", 7, "another application's", "cut 16"),
        OddFile("half a header", 7, "another application's", "cut 50"),
        OddFile("a header that ends before the application id", 7, "another application's", "cut 70"),
        OddFile("a header and nothing else", 8, "malformed", "cut 100", commands: reading),
        OddFile("another magic", 7, "is not a SQLite database", "poke 15 '\\x01'"),
        OddFile(
            "a magic of SQLite 2", 7, "is not a SQLite database",
            "printf '** This file contains an SQLite 2.1 database **' > $DB"),
        OddFile("half a page", 8, "malformed", "cut 2048", commands: reading),
        OddFile("one page", 8, "malformed", "cut 4096", commands: reading),
        OddFile("half of a store", 8, "malformed", "cut $(( $(stat -c %s $DB) / 2 ))", commands: reading),
        OddFile(
            "a store that lacks its last page", 8, "malformed",
            "cut $(( $(stat -c %s $DB) - 4096 ))", commands: reading),
        OddFile("a page size that is none", 7, "file is not a database", "poke 16 '\\x0b\\xad'", commands: reading),
        OddFile(
            "a version of the file format that nobody knows", 7, "file is not a database",
            "poke 19 '\\x09'", commands: reading),
        OddFile("payload fractions that are none", 7, "file is not a database", "poke 21 '\\x41'", commands: reading),
        OddFile(
            "a schema format that nobody knows", 8, "unsupported file format", "poke 47 '\\x63'", commands: reading),
        OddFile("a first page that is no table", 8, "malformed", "poke 100 '\\x63'", commands: reading),
    ]

    private static let kinds = [
        OddFile("a folder", 7, "is a folder", "rm $DB; mkdir $DB"),
        OddFile("a FIFO", 7, "is a FIFO", "rm $DB; mkfifo $DB"),
        OddFile("a symbolic link", 7, "is a symbolic link", "mv $DB there; ln -s there $DB"),
        OddFile("a symbolic link to nowhere", 7, "is a symbolic link", "rm $DB; ln -s nowhere $DB"),
        OddFile("a symbolic link to itself", 7, "is a symbolic link", "rm $DB; ln -s $DB $DB"),
        OddFile("a file with two names", 7, "has 2 hard links", "ln $DB second.sqlite"),
        OddFile(
            "a socket", 7, "is a device or socket",
            "rm $DB; perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => $ENV{DB}, Listen => 1) or die'"),
        OddFile(
            "the log of a database that is gone", 7, "is the log of a database that is not there",
            "rm $DB; printf x > $DB-wal", commands: [["init"]]),
        OddFile(
            "another history in the log, without its index", 10, "0002_ledger_is_fixed.sql was edited",
            """
            sqlite3 $DB '.dbconfig no_ckpt_on_close on' 'DROP TRIGGER schemaMigrationIsFixed' \
                "UPDATE schemaMigration SET chainHash = '\(zeros)' WHERE version = 2" && rm -f $DB-shm && test -s $DB-wal
            """),
        OddFile(
            "the journal of a database that is gone", 7, "is the log of a database that is not there",
            "rm $DB; printf x > $DB-journal", commands: [["init"]]),
        OddFile("nothing", 3, "artifacts init", "rm $DB", commands: Array(every.dropLast())),
        OddFile("an empty file", 3, "artifacts init", ": > $DB", commands: Array(every.dropLast())),
    ]

    private static let schemas = [
        OddFile(
            "an older store that lacks an index", 10, "index artifactByProvider is missing",
            "sql 'DROP INDEX artifactByProvider'", version: 1, commands: migrating),
        OddFile(
            "an older store that lacks a rule", 10, "trigger artifactTerminalIsFinal is missing",
            "sql 'DROP TRIGGER artifactTerminalIsFinal'", version: 1, commands: migrating),
        OddFile(
            "an older store that lacks a table", 10, "table signedUrl is missing",
            "sql 'DROP TABLE signedUrl'", version: 2, commands: migrating),
        OddFile(
            "an older store with a table of somebody's", 10, "table notes is unexpected",
            "sql 'CREATE TABLE notes (a)'", version: 1, commands: migrating),
        OddFile(
            "an older store with a column of somebody's", 10, "table event is different",
            "sql 'ALTER TABLE event ADD COLUMN note TEXT'", version: 2, commands: migrating),
        OddFile(
            "an older store with a rule that was rewritten", 10, "trigger eventIsFixed is different",
            """
            sql "DROP TRIGGER eventIsFixed; CREATE TRIGGER eventIsFixed BEFORE UPDATE ON event BEGIN SELECT 1; END"
            """, version: 1, commands: migrating),
        OddFile(
            "an older store whose ledger is not guarded", 10, "trigger schemaMigrationIsFixed is missing",
            "sql 'DROP TRIGGER schemaMigrationIsFixed'", version: 2, commands: migrating),
        OddFile(
            "an older store that nobody migrated", 10, "artifacts migrate up", ":", version: 1,
            commands: [["list"], ["events"], ["stats"], ["sweep"], ["init"]]),
        OddFile(
            "a store whose schema has somebody's view", 10, "view recent is unexpected",
            "sql 'CREATE VIEW recent AS SELECT 1'", commands: [["backup", "BACKUP"]]),
    ]

    static let all = history + identity + bytes + kinds + schemas

    private init(
        _ description: String, _ code: Int32, _ reason: String, _ script: String, version: Int = 5,
        commands: [[String]] = OddFile.every
    ) {
        testDescription = description
        (self.code, self.reason, self.script) = (code, reason, script)
        (self.version, self.commands) = (version, commands)
    }

    // MARK: - Tampering with the ledger

    private static let zeros = String(repeating: "0", count: 64)

    /// SQL with the ledger's rules away, which come back afterwards.
    private static func unguarded(_ statements: String) -> String {
        """
        rules=$(sqlite3 $DB "SELECT group_concat(sql, '; ') || ';' FROM sqlite_schema
            WHERE type = 'trigger' AND tbl_name = 'schemaMigration'")
        sql "PRAGMA ignore_check_constraints = ON; DROP TRIGGER schemaMigrationGrowsByOne; DROP TRIGGER schemaMigrationIsFixed;
            DROP TRIGGER schemaMigrationIsNotDeleted; \(statements); $rules"
        """
    }

    private static func ledger(_ change: String, _ version: Int) -> String {
        unguarded("UPDATE schemaMigration SET \(change) WHERE version = \(version)")
    }

    private static func without(_ condition: String) -> String {
        unguarded("DELETE FROM schemaMigration WHERE \(condition)")
    }

    private static func newer(_ rows: String) -> String {
        unguarded("INSERT INTO schemaMigration VALUES \(rows)")
    }
}
