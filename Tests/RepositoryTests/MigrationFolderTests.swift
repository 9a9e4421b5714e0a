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

    @Test("Names are four digits from 0001 on, an underscore, and lower-case words")
    func names() throws {
        for (index, name) in try files().enumerated() {
            #expect(name.wholeMatch(of: /[0-9]{4}_[a-z0-9_]+\.sql/) != nil, "\(name)")
            #expect(Int(name.prefix(4)) == index + 1, "\(name)")
        }
    }

    @Test("Package.swift embeds every file")
    func embedded() throws {
        let manifest = try Repository.text("Package.swift")
        for name in try files() {
            #expect(manifest.contains(".embedInCode(\"\(name)\")"), "\(name)")
        }
    }

    @Test("Each file begins with a comment that says why")
    func headers() throws {
        for name in try files() {
            let file = try Repository.file("migrations/\(name)")
            #expect(file.lines.first?.hasPrefix("-- Version \(Int(file.path.dropFirst(11).prefix(4)) ?? 0): ") == true)
        }
    }

    @Test("Tables are STRICT, and no file holds what only the runner may do")
    func statements() throws {
        let forbidden = /\b(PRAGMA|ATTACH|DETACH|VACUUM|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b|\bBEGIN\s+\w|\bBEGIN\s*;/
            .ignoresCase()
        for name in try files() {
            let file = try Repository.file("migrations/\(name)")
            // A trigger's BEGIN stands alone on its line, as its END does.
            let sql = file.lines.map { $0.prefix(upTo: $0.firstRange(of: "--")?.lowerBound ?? $0.endIndex) }
                .joined(separator: "\n").replacing(/\nBEGIN\n/, with: "\n")
            #expect(sql.firstMatch(of: forbidden) == nil, "\(file): \(sql.firstMatch(of: forbidden)?.output.0 ?? "")")
            for table in sql.matches(of: /CREATE TABLE (\w+) \((?s:.*?)\n\)([^;]*);/) {
                #expect(table.output.2.contains("STRICT"), "\(file): \(table.output.1)")
            }
        }
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
