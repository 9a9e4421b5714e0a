import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("artifacts migrate, backup and restore")
struct MigrateCommandTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("ArtifactStoreTests/Fixtures")

    /// A folder with a frozen store of a version, under a name that a shell takes apart.
    private struct Old {
        let folder = try? TemporaryFolder()
        let database: String

        init(version: Int = 1) throws {
            database = try #require(folder).path(of: "my store.sqlite")
            try FileManager.default.copyItem(
                at: MigrateCommandTests.fixtures.appendingPathComponent("version-\(version).sqlite"),
                to: URL(fileURLWithPath: database))
        }

        func run(_ arguments: [String]) async throws -> Command.Result {
            try await Command.run(arguments + ["--database", database], environment: ["COLUMNS": "80"])
        }

        var names: [String] {
            get throws { try FileManager.default.contentsOfDirectory(atPath: #require(folder).path).sorted() }
        }
    }

    @Test("status tells what a store has been through, what is pending, and what to do next")
    func status() async throws {
        let old = try Old()
        let table = try await old.run(["migrate", "status"])
        #expect(table.status == 0)
        #expect(table.output.contains("0001_artifacts.sql") && table.output.contains("applied"))
        #expect(table.output.contains("0003_cached_input") && table.output.contains("pending"))
        let next = table.output.split(separator: "\n").suffix(2).map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(next == ["plan", "up"].map { "artifacts migrate \($0) --database '\(old.database)'" })
        let planned = try await Command.shell(next[0])
        #expect(planned.status == 0 && planned.output.hasSuffix("Next:\n  \(next[1])\n"), "\(planned.errors)")
        let json = try await old.run(["migrate", "status", "--format", "json"]).json()
        #expect(json["schemaVersion"] == 1 && json["newestVersion"] == 5)
        let lines = try await old.run(["migrate", "status", "--format", "ndjson"]).jsonLines()
        #expect(lines.map { $0["state"] } == ["applied", "pending", "pending", "pending", "pending"])
        let csv = try await old.run(["migrate", "status", "--format", "csv"])
        #expect(csv.lines.first == "version,name,state,appliedAt,applicationVersion,durationMs,chainHash")
        #expect(try old.names == ["my store.sqlite"])
    }

    @Test("status shows a history that is refused, and exits with the reason")
    func refusedStatus() async throws {
        let old = try Old()
        let made = try await Command.shell(
            "sqlite3 \"$DB\" \"UPDATE schemaMigration SET name = '0001_other.sql'\"", environment: ["DB": old.database])
        try #require(made.status == 0)
        let result = try await old.run(["migrate", "status"])
        #expect(result.status == 10)
        #expect(result.output.contains("0001_other.sql"))
        #expect(result.errors.contains("0001_other.sql was removed"))
    }

    @Test("plan, up and status again: rows before and after, the backup, and how to go back, which works as printed")
    func upgrade() async throws {
        let old = try Old()
        let before = try await old.run(["migrate", "plan", "--format", "json"]).json()
        #expect(try old.names == ["my store.sqlite"], "a plan leaves nothing")
        #expect(before["fromVersion"] == 1 && before["toVersion"] == 5)
        #expect(before["neededBytes"]?.integer.map { $0 > 1_000_000 } == true)
        let plan = try await old.run(["migrate", "plan"])
        for word in ["artifact", "promptPart", "foreign keys", "integrity", "space needed", "Nothing was changed"] {
            #expect(plan.output.contains(word), "\(word)")
        }

        let up = try await old.run(["migrate", "up"])
        #expect(up.status == 0 && up.errors.isEmpty)
        let backup = try #require(old.names.first { $0.hasSuffix(".backup") })
        #expect(backup.hasPrefix("my store.sqlite.v1-"))
        #expect(up.output.contains(backup))
        #expect(try await old.run(["migrate", "up"]).output == "schema version 5; nothing to do\n")
        #expect(try await old.run(["stats", "--format", "json"]).json()["schemaVersion"] == 5)

        let way = try #require(up.output.split(separator: "\n").last).trimmingCharacters(in: .whitespaces)
        #expect(way.hasPrefix("artifacts restore '") && way.hasSuffix("--replace"))
        let back = try await Command.shell(way)
        #expect(back.status == 0, "\(back.errors)")
        #expect(try await old.run(["migrate", "status", "--format", "json"]).json()["schemaVersion"] == 1)
        #expect(try old.names.contains { $0.hasPrefix("my store.sqlite.replaced-") })
        #expect(try await old.run(["list"]).status == 10)
    }

    @Test("Whatever the format, up says where the backup is, and how to go back; run in another folder, it does")
    func wayBack() async throws {
        for format in ["table", "json", "ndjson", "csv"] {
            let old = try Old()
            let folder = try #require(old.folder)
            try FileManager.default.createDirectory(
                atPath: folder.path(of: "elsewhere"), withIntermediateDirectories: true)
            // As it is typed in the store's own folder.
            let up = try await Command.shell(
                "artifacts migrate up --database 'my store.sqlite' --format \(format)", in: folder.path)
            #expect(up.status == 0, "\(up.errors)")
            let backup = try #require(old.names.first { $0.hasSuffix(".backup") })
            #expect(
                try (format == "json" ? up.json()["backup"]?.string : nil) ?? folder.path(of: backup)
                    == folder.path(of: backup))
            guard format != "json" else { continue }
            let said = format == "table" ? up.output : up.errors
            #expect((format == "table") == up.errors.isEmpty)
            #expect(said.contains("is in \(folder.path(of: backup)).\n"))
            let way = try #require(said.split(separator: "\n").last)
            let back = try await Command.shell(String(way), in: folder.path(of: "elsewhere"))
            #expect(back.status == 0 && back.output.hasPrefix("restored \(old.database), verified\n"), "\(back.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(of: "elsewhere")).isEmpty)
            #expect(try await old.run(["migrate", "status", "--format", "json"]).json()["schemaVersion"] == 1)
        }
    }

    @Test("Names that a shell takes apart come back whole from every command that is printed")
    func quoting() async throws {
        let folder = try TemporaryFolder()
        for name in ["it's my store", "a $(touch b) `c` \\ \"d\"", "-rf *", "tab\t and \u{1B}[31m", "bidi \u{202E} é"] {
            let place = folder.path(of: name)
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
            let path = "\(place)/\(name).sqlite"
            let missing = try await Command.run(["list", "--database", path])
            #expect(missing.status == 3)
            let made = try await Command.shell(
                try #require(missing.errors.components(separatedBy: "make one: ").last))
            #expect(made.status == 0 && FileManager.default.fileExists(atPath: path), "\(missing.errors)")
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.copyItem(
                at: Self.fixtures.appendingPathComponent("version-1.sqlite"), to: URL(fileURLWithPath: path))
            let outdated = try await Command.run(["list", "--database", path])
            #expect(outdated.status == 10)
            let up = try await Command.shell(
                try #require(outdated.errors.components(separatedBy: "Migrate it first: ").last))
            #expect(up.status == 0, "\(outdated.errors)")
            let back = try await Command.shell(String(try #require(up.output.split(separator: "\n").last)))
            #expect(back.status == 0, "\(up.output)")
            #expect(try await Command.run(["list", "--database", path]).status == 10)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 5)
    }

    @Test("restore --replace says when there was nothing to replace")
    func nothingToReplace() async throws {
        let old = try Old(version: 5)
        let folder = try #require(old.folder)
        #expect(try await old.run(["backup", folder.path(of: "backup.sqlite")]).status == 0)
        let script = "artifacts restore backup.sqlite --replace --database"
        let text = try await Command.shell("\(script) one.sqlite", in: folder.path)
        #expect(text.output.hasPrefix("restored \(folder.path(of: "one.sqlite")), verified\n"))
        #expect(text.output.contains("nothing: there was no store to replace\n"))
        let json = try await Command.shell("\(script) two.sqlite --format json", in: folder.path).json()
        #expect(json["replaced"] == false && json["kept"] == .null)
        let again = try await Command.shell("\(script) two.sqlite --format json", in: folder.path).json()
        #expect(again["replaced"] == true)
        let plain = try await Command.shell("artifacts restore backup.sqlite --database three.sqlite", in: folder.path)
        #expect(plain.status == 0 && !plain.output.contains("kept"))
    }

    @Test("The plan of a store that is current copies nothing, and claims no checks")
    func currentPlan() async throws {
        let old = try Old(version: 5)
        // With nowhere to copy to, a copy would fail.
        let nowhere = ["TMPDIR": try #require(old.folder).path(of: "none")]
        let arguments = ["migrate", "plan", "--database", old.database]
        let text = try await Command.run(arguments, environment: nowhere)
        #expect(text.status == 0 && text.output == "schema version 5; nothing to do\n", "\(text.errors)")
        let json = try await Command.run(arguments + ["--format", "json"], environment: nowhere).json()
        #expect(json["fromVersion"] == 5 && json["toVersion"] == 5 && json["steps"] == [] && json["neededBytes"] == 0)
        #expect(json["integrity"] == .null && json["foreignKeys"] == .null && json["schema"] == .null)
        let older = try Old()
        #expect(
            try await Command.run(["migrate", "plan", "--database", older.database], environment: nowhere).status == 8)
    }

    @Test("up --no-backup makes none")
    func withoutBackup() async throws {
        let old = try Old(version: 2)
        let up = try await old.run(["migrate", "up", "--no-backup", "--format", "json"])
        #expect(try up.json()["backup"] == .null)
        #expect(try await !old.run(["migrate", "up"]).output.contains("restore"))
        #expect(try !old.names.contains { $0.hasSuffix(".backup") })
    }

    @Test("verify names what differs, and exits with 11")
    func verify() async throws {
        let old = try Old(version: 5)
        #expect(try await old.run(["migrate", "verify"]).output == "the schema is the one that its history makes\n")
        let made = try await Command.shell(
            """
            sqlite3 "$DB" 'DROP INDEX artifactByProvider; CREATE TABLE notes (a); DROP TRIGGER eventIsFixed;
                CREATE TRIGGER eventIsFixed BEFORE UPDATE ON event BEGIN SELECT 1; END'
            """, environment: ["DB": old.database])
        try #require(made.status == 0, "\(made.errors)")
        let result = try await old.run(["migrate", "verify"])
        #expect(result.status == 11)
        for difference in [
            "index artifactByProvider is missing", "table notes is unexpected", "trigger eventIsFixed is different",
            "RAISE",
        ] {
            #expect(result.output.contains(difference), "\(result.output)")
        }
        let lines = try await old.run(["migrate", "verify", "--format", "ndjson"]).jsonLines()
        #expect(lines.map { $0["kind"] } == ["missing", "unexpected", "different"])
    }

    @Test("A comment or a line break more in a schema is no difference")
    func spelling() async throws {
        let old = try Old(version: 5)
        let made = try await Command.shell(
            """
            sql=$(sqlite3 "$DB" "SELECT sql FROM sqlite_schema WHERE name = 'artifactByProvider'")
            sqlite3 "$DB" "DROP INDEX artifactByProvider; ${sql/ON/  /* here */
                ON} -- so"
            """, environment: ["DB": old.database])
        try #require(made.status == 0, "\(made.errors)")
        #expect(try await old.run(["migrate", "verify"]).status == 0)
    }

    @Test("backup and restore tell what they did, and refuse to overwrite")
    func backup() async throws {
        let old = try Old(version: 5)
        let file = try #require(old.folder).path(of: "backup.sqlite")
        let made = try await old.run(["backup", file])
        #expect(made.status == 0 && made.output.hasPrefix("backed up into \(file), verified\n"))
        #expect(made.output.contains("1016 rows"))
        #expect(try await old.run(["backup", file]).status == 4)
        #expect(try await old.run(["restore", file]).status == 4)
        let json = try await old.run(["restore", file, "--replace", "--format", "json"]).json()
        #expect(json["schemaVersion"] == 5)
        let kept = try #require(json["kept"]?.string)
        #expect(FileManager.default.fileExists(atPath: kept))
        #expect(try await old.run(["list", "--format", "ndjson", "--all"]).jsonLines().count == 1016)
    }

    private static let strace = "/usr/bin/strace"
    private static let canTrace = FileManager.default.isExecutableFile(atPath: strace)

    @Test(
        "Killed in the middle of any call, up leaves the old version or the new one, and the next up works",
        .enabled(if: canTrace, "strace is not installed"))
    func killed() async throws {
        var (killed, old, new) = (0, 0, 0)
        for (call, numbers) in [
            ("pwrite64", stride(from: 1, to: 700, by: 29)), ("fdatasync", stride(from: 1, to: 6, by: 1)),
            ("fsync", stride(from: 1, to: 4, by: 1)), ("rename", stride(from: 1, to: 3, by: 1)),
        ] {
            for number in numbers {
                let store = try Old()
                let inject = ["-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=\(number)"]
                let result = try await Command.start(
                    Self.strace,
                    ["-f", "-qq", "-o", "/dev/null"] + inject
                        + [Command.path, "migrate", "up", "--database", store.database]
                ).finish()
                if result.status != 0 { killed += 1 }
                let status = try await store.run(["migrate", "status", "--format", "json"]).json()
                if status["schemaVersion"] == 1 { old += 1 } else { new += 1 }
                #expect(status["refusal"] == .null, "\(call) \(number)")
                #expect(try await store.run(["migrate", "verify"]).status == 0, "\(call) \(number)")
                for backup in try store.names where backup.hasSuffix(".backup") {
                    let path = try #require(store.folder).path(of: backup)
                    #expect(try await Command.run(["migrate", "verify", "--database", path]).status == 0)
                }
                #expect(try await store.run(["migrate", "up", "--no-backup"]).status == 0, "\(call) \(number)")
                #expect(try await store.run(["stats", "--format", "json"]).json()[path: "counts", "total"] == 1050)
            }
        }
        #expect(killed > 20 && old > 10 && new > 0, "\(killed) killed, \(old) old, \(new) new")
        print("migrate up killed \(killed) times: \(old) stores old, \(new) new")
    }

    @Test(
        "Work that takes more than a second shows its progress at a terminal, and nothing of it stays",
        .enabled(if: canTrace, "strace is not installed"))
    func progress() async throws {
        let old = try Old()
        // A slow disk: every read takes three milliseconds longer.
        let slowly = ["-f", "-qq", "-o", "/dev/null", "-e", "trace=pread64", "-e", "inject=pread64:delay_exit=3000"]
        let shown = try await PseudoTerminal.run(
            slowly + [Command.path, "migrate", "plan", "--database", old.database], of: Self.strace, columns: 80)
        #expect(shown.status == 0, "\(shown.output)")
        let parts = shown.output.split(separator: "\r\u{1B}[K")
        let updates = parts.dropLast()
        #expect(updates.contains { $0.contains("copied") || $0.contains("comparing") || $0.contains("checking") })
        for update in updates { #expect(update.count < 80 && !update.contains("\n"), "\(update)") }
        #expect(parts.last?.contains("from schema version 1") == true, "the last line of progress is taken away")
        #expect(try await Command.run(["migrate", "plan", "--database", old.database]).errors.isEmpty)
    }
}
