internal import ArgumentParser
internal import ArtifactStore
internal import Foundation

struct MigrateLintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check migration files against the rules for them.",
        discussion: """
            Reads files, runs nothing, and needs no store. Without arguments, checks the migrations in this program. \
            A file is checked after the ones before it in its folder. Exits with 11 when something is found.

            EXAMPLES
              artifacts migrate lint
              artifacts migrate lint migrations
              artifacts migrate lint migrations/0004_thumbnails.sql --format json
            """)

    @Argument(
        help: ArgumentHelp(
            "A migration, or a folder: its files that begin with a digit and end in .sql.", valueName: "file|folder"))
    var paths: [String] = []
    @OptionGroup var format: FormatOption

    func run() async throws {
        let migrations = try paths.isEmpty ? nil : paths.map(MigrationFiles.init)
        let findings = migrations?.flatMap(\.findings) ?? ArtifactStore.lintMigrations()
        try Terminal.write(
            format.text(
                table: Self.text(findings), document: .object([.init("findings", .array(findings.map(\.json)))]),
                rows: findings.map(\.json), columns: ["file", "line", "column", "rule", "message", "hint"]))
        if !findings.isEmpty { throw ExitCode.checkFailed }
    }

    private static func text(_ findings: [LintFinding]) -> String {
        guard !findings.isEmpty else { return "no findings\n" }
        return findings.map { finding in
            "\(Printable.text(finding.description))\n  \(Printable.text(finding.hint))\n"
        }.joined()
    }
}

/// Migrations to check: those of a folder, or one with the ones before it.
private struct MigrationFiles {
    /// All that are read, in order.
    private let files: [(name: String, sql: [UInt8])]
    /// Which of them is asked about; nil for all.
    private let chosen: String?

    /// - Throws: ``StoreError`` `invalidInput` when there is nothing at the path, or it cannot be read.
    init(_ path: String) throws(StoreError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw Self.unreadable(path) }
        let url = URL(fileURLWithPath: path)
        let folder = isFolder.boolValue ? url : url.deletingLastPathComponent()
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
            throw Self.unreadable(path)
        }
        let migrations = entries.filter { $0.wholeMatch(of: /[0-9].*\.sql/) != nil }.sorted()
        if isFolder.boolValue {
            guard !migrations.isEmpty else {
                throw StoreError(
                    .invalidInput, "there is no migration in \(path)", hint: "Name the folder of 0001_….sql.")
            }
            let prefix = path.hasSuffix("/") ? path : "\(path)/"
            files = try Self.read(migrations.map { (prefix + $0, folder.appendingPathComponent($0)) })
            chosen = nil
        } else {
            let prefix = path.dropLast(url.lastPathComponent.count)
            let before = migrations.filter { $0 < url.lastPathComponent }
            files = try Self.read(before.map { (prefix + $0, folder.appendingPathComponent($0)) } + [(path, url)])
            chosen = path
        }
    }

    var findings: [LintFinding] {
        ArtifactStore.lintMigrations(files).filter { chosen == nil || $0.file == chosen }
    }

    private static func read(
        _ files: [(name: String, url: URL)]
    ) throws(StoreError) -> [(name: String, sql: [UInt8])] {
        var read: [(name: String, sql: [UInt8])] = []
        for file in files {
            guard let bytes = FileManager.default.contents(atPath: file.url.path) else { throw unreadable(file.name) }
            read.append((file.name, Array(bytes)))
        }
        return read
    }

    private static func unreadable(_ path: String) -> StoreError {
        StoreError(.invalidInput, "\(path) cannot be read", hint: "Check its name and permissions.")
    }
}
