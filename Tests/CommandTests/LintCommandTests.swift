import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("Checking migrations")
struct LintCommandTests {
    /// A folder with two migrations, of which the second commits and drops a table of the first.
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let files = [
            "0001_base.sql": "-- Version 1: the base.\nCREATE TABLE a (x TEXT) STRICT;\n",
            "0002_change.sql": "-- Version 2: a change.\n/**/COMMIT;\nDROP TABLE a;\n",
            "0003_more.sql": "-- Version 3: more.\nCREATE TABLE b (x TEXT);\n",
            "schema.sql": "COMMIT;",
        ]
        for (name, sql) in files { try Data(sql.utf8).write(to: URL(fileURLWithPath: folder.path(of: name))) }
        return folder
    }

    private func lint(_ arguments: [String], in folder: TemporaryFolder) async throws -> Command.Result {
        let arguments = ["migrate", "lint"] + arguments
        return try await Command.start(Command.path, arguments, in: folder.path).finish()
    }

    @Test("The program's own migrations have no findings, nor has their folder")
    func own() async throws {
        let migrations = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("migrations").path
        for arguments in [[], [migrations]] {
            let result = try await Command.run(["migrate", "lint"] + arguments)
            #expect(result.status == 0 && result.output == "no findings\n" && result.errors.isEmpty)
        }
        #expect(try await Command.run(["migrate", "lint", "--format", "json"]).json() == ["findings": []])
    }

    @Test("Findings stand with file, line, column, rule and hint, and the exit code is 11")
    func findings() async throws {
        let result = try await lint(["."], in: folder())
        #expect(result.status == 11)
        #expect(result.errors.isEmpty)
        #expect(
            result.lines.enumerated().filter { $0.offset.isMultiple(of: 2) }.map { String($0.element.prefix(40)) } == [
                "./0002_change.sql:2:5: transaction-contr", "./0002_change.sql:3:1: destructive: DROP",
                "./0003_more.sql:2:1: strict: the table b",
            ])
        #expect(result.lines.count == 6 && result.lines[3].contains("-- destructive: REASON"))
    }

    @Test("A file is checked after the ones before it, and shown alone, in every format the same")
    func formats() async throws {
        let folder = try folder()
        let path = folder.path(of: "0002_change.sql")
        let result = try await lint(["0002_change.sql", "--format", "json"], in: folder)
        let findings = try #require(try result.json()["findings"]?.array)
        #expect(result.status == 11)
        #expect(findings.map { $0["rule"] } == ["transaction-control", "destructive"])
        #expect(findings.map { $0["file"] } == ["0002_change.sql", "0002_change.sql"])
        #expect(findings[0]["line"] == 2 && findings[0]["column"] == 5)
        let lines = try await lint(["0002_change.sql", "--format", "ndjson"], in: folder).jsonLines()
        #expect(lines == findings)
        let csv = try CSVText.parse(try await lint([path, "--format", "csv"], in: folder).output)
        #expect(csv.map(\.first) == ["file", path, path])
        #expect(csv[0] == ["file", "line", "column", "rule", "message", "hint"])
    }

    @Test("A path that is not there, and a folder without migrations, are refused")
    func refused() async throws {
        let empty = try TemporaryFolder()
        for path in ["none.sql", empty.path] {
            let result = try await lint([path], in: empty)
            #expect(result.status == 64 && result.output.isEmpty)
            #expect(result.errors.hasPrefix("error: ") && result.errors.contains("hint: "))
        }
    }
}
