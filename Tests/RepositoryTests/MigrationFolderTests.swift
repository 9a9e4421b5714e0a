import Foundation
import Testing

@testable import ArtifactStore

@Suite("The migrations folder")
struct MigrationFolderTests {
    /// The lines of `schema.sum`: a chain hash, two spaces, a file name.
    private func sum() throws -> [String] {
        try Repository.text("migrations/schema.sum").split(separator: "\n").map(String.init)
    }

    /// The migrations themselves; schema.sql follows from them, verification/ stands beside them.
    private func files() throws -> [String] {
        try Repository.names(in: "migrations", ending: ".sql").filter { $0.hasPrefix("0") }
    }

    @Test("Folder, embedded list and schema.sum name the same files in the same order, with the same content")
    func listed() throws {
        let files = try files()
        let steps = MigrationHistory.embedded.steps
        #expect(!files.isEmpty)
        #expect(steps.map(\.name) == files, "Schema.swift does not list what lies in migrations/")
        #expect(steps.map(\.version) == Array(1...files.count))
        let onDisk = MigrationHistory(
            try files.enumerated().map { index, name in
                (index + 1, name, Array(try Data(contentsOf: Repository.url("migrations/\(name)"))))
            })
        #expect(onDisk.steps == steps, "the program embeds other bytes than the files have; build again")
        let sum = try sum()
        #expect(
            sum == onDisk.steps.map { "\($0.chainHash)  \($0.name)" },
            "a shipped migration was edited, or schema.sum lacks the new file's line; see migrations/README.md")
    }

    @Test("Package.swift embeds every file")
    func embedded() throws {
        let manifest = try Repository.text("Package.swift")
        for name in try files() {
            #expect(manifest.contains(".embedInCode(\"\(name)\")"), "\(name)")
        }
    }

    @Test("The lint finds nothing in any file")
    func lint() throws {
        let files = try files().map { ($0, Array(try Data(contentsOf: Repository.url("migrations/\($0)")))) }
        for finding in ArtifactStore.lintMigrations(files) { Issue.record("\(finding) (\(finding.hint))") }
    }

    private static let sqlite = "/usr/bin/sqlite3"
    private static let hasSqlite = FileManager.default.isExecutableFile(atPath: sqlite)

    @Test("cat migrations/0*.sql | sqlite3 :memory:", .enabled(if: hasSqlite, "sqlite3 is not installed"))
    func throughTheShell() throws {
        #expect(try run("cat migrations/0*.sql | \(Self.sqlite) -bail :memory:") == "")
    }

    @Test(
        "schema.sql and schema.sum are what the migrations make; after a new one: make schema",
        .enabled(if: hasSqlite, "sqlite3 is not installed"))
    func generated() throws {
        let report = try run(
            """
            folder=$(mktemp -d) && scripts/schema.sh "$folder"
            diff -u migrations/schema.sql "$folder/schema.sql"; diff -u migrations/schema.sum "$folder/schema.sum"
            rm -r "$folder"
            """)
        #expect(report == "")
    }

    @Test(
        "Negative control: the shell reports a statement it cannot run",
        .enabled(if: hasSqlite, "sqlite3 is not installed"))
    func control() throws {
        let report = try run("cat migrations/0*.sql migrations/0*.sql | \(Self.sqlite) -bail :memory:")
        #expect(report.contains("already exists") && report.contains("exit status"))
    }

    /// What a shell command says, on both outputs, and its exit status unless that is 0.
    private func run(_ command: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = Repository.root
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let status = process.terminationStatus
        return String(decoding: output, as: UTF8.self) + (status == 0 ? "" : "exit status \(status)")
    }
}
