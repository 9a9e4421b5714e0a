import Foundation
import Testing

@Suite("Documentation")
struct DocumentationTests {
    private static let pages = [
        "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Docs/ARCHITECTURE.md", "Docs/CATALOGUE.md", "Docs/CLI.md",
        "Docs/DELETION.md",
        "Docs/DOCTOR.md",
        "Docs/EXPORT-FORMAT.md", "Docs/FILE-FORMAT.md", "Docs/MIGRATIONS.md", "Docs/OPERATING.md", "Docs/S3.md",
        "Docs/SEARCH.md", "Docs/SIGNED-URLS.md",
        "migrations/README.md", "Examples/README.md", "Benchmarks/README.md",
    ]

    @Test("Every page of Docs is in the list above")
    func listed() throws {
        for name in try Repository.names(in: "Docs", ending: ".md") { #expect(Self.pages.contains("Docs/\(name)")) }
    }

    @Test("Relative links lead to files, and their fragments to headings", arguments: pages)
    func links(page: String) throws {
        let folder = page.split(separator: "/").dropLast().joined(separator: "/")
        for match in try Repository.text(page).matches(of: /\]\(([^)\s]+)\)/) {
            let target = String(match.output.1)
            guard !target.contains("://") else { continue }
            let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let path = parts[0].isEmpty ? page : folder.isEmpty ? parts[0] : "\(folder)/\(parts[0])"
            #expect(Repository.exists(path), "\(page) links to \(target)")
            if parts.count == 2, Repository.exists(path) {
                #expect(try headings(path).contains(parts[1]), "\(page) links to \(target)")
            }
        }
    }

    /// The fragments that GitHub gives the headings of a page.
    private func headings(_ path: String) throws -> Set<String> {
        Set(
            try Repository.text(path).split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                    .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                    .replacing(" ", with: "-")
            })
    }

    private static let everything = ["Sources", "Tests", "migrations", "Examples", "Benchmarks/Sources"]
        .flatMap(Repository.paths)

    @Test("Files that a page names in backticks exist", arguments: pages)
    func namedFiles(page: String) throws {
        let folder = page.split(separator: "/").dropLast().joined(separator: "/")
        let isFile = /[\w.+\/-]+\.(swift|md|sql|sum|sh|py|json)/
        let isMadeUp = /.*000[0-9]_\w+\.sql|\d+_x\.sql|\w+\+Verb\.swift|manifest\.json/
        for match in try Repository.text(page).matches(of: /`([^`\s]+)`/) {
            let name = match.output.1
            guard name.wholeMatch(of: isFile) != nil, name.wholeMatch(of: isMadeUp) == nil else { continue }
            let isThere =
                Repository.exists("\(name)") || Repository.exists("\(folder)/\(name)")
                || Self.everything.contains { $0.hasSuffix("/\(name)") }
            #expect(isThere, "\(page) names \(name)")
        }
    }

    @Test("Pages are wrapped at 120, and their tables and code at nothing", arguments: pages)
    func wrapped(page: String) throws {
        var isCode = false
        for (index, line) in try Repository.text(page).split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line.hasPrefix("```") { isCode.toggle() }
            guard !isCode, !line.hasPrefix("|") else { continue }
            #expect(line.count <= 120, "\(page):\(index + 1)")
        }
        #expect(!isCode, "\(page) leaves a code block open")
    }

    // MARK: - Exit codes

    /// Docs/CLI.md: exit code, what it means, and the error codes that lead to it.
    private func documentedCodes() throws -> [(code: Int, meaning: String, errors: Set<String>)] {
        try Repository.table("Docs/CLI.md", headings: ["exit code", "means", "error codes"]).map { row in
            (try #require(Int(row[0])), row[1], Set(row[2].split(separator: ", ").map(String.init)))
        }
    }

    @Test("Exit codes in Docs/CLI.md are those of ExitCodes.swift")
    func exitCodes() throws {
        var inSource: [Int: Set<String>] = [:]
        for match in try Repository.text("Sources/artifacts/ExitCodes.swift").matches(of: /case (.+): ([0-9]+)/) {
            let names = match.output.1.split(separator: ", ").map { String($0.drop { $0 == "." }) }
            inSource[try #require(Int(match.output.2))] = Set(names)
        }
        #expect(inSource.count > 5, "the pattern for exit codes finds too few")
        // 11 is no error's: a check found something.
        for entry in try documentedCodes() where ![0, 1, 11].contains(entry.code) {
            #expect(inSource.removeValue(forKey: entry.code) == entry.errors, "exit code \(entry.code)")
        }
        #expect(inSource.isEmpty, "not in Docs/CLI.md: \(inSource)")
    }

    @Test("Every error code of StoreError has its exit code in Docs/CLI.md")
    func errorCodes() throws {
        let source = try Repository.text("Sources/ArtifactStore/Model/StoreError.swift")
        let codes = source.matches(of: /public static let (\w+) = Code\(/).map { String($0.output.1) }
        #expect(codes.count > 15)
        #expect(Set(codes) == (try documentedCodes()).reduce(into: []) { $0.formUnion($1.errors) })
    }

    @Test("Exit codes in artifacts --help are those of Docs/CLI.md")
    func helpText() throws {
        let source = try Repository.text("Sources/artifacts/Artifacts.swift")
        let block = try #require(source.firstMatch(of: /EXIT CODES\n((?s:.*?))\n\n/)).output.1
        var inHelp: [Int: String] = [:]
        for match in block.matches(of: /(\d+) (\S+(?: \S+)*)/) {
            inHelp[try #require(Int(match.output.1))] = String(match.output.2)
        }
        let documented = try documentedCodes().map { ($0.code, $0.meaning) }
        #expect(inHelp == Dictionary(documented) { first, _ in first })
    }

    @Test("Docs/CLI.md has a heading for every command")
    func commands() throws {
        let page = try Repository.text("Docs/CLI.md")
        for file in try Repository.files(below: "Sources/artifacts/Commands", ending: "Command.swift") {
            let name = try #require(file.lines.joined(separator: "\n").firstMatch(of: /commandName: "(\w+)"/)).output.1
            let folder = file.folders.last ?? ""
            // Migrate/MigrateUpCommand.swift is a subcommand of Migrate/MigrateCommand.swift.
            let type = file.path.split(separator: "/").last ?? ""
            let group = type.hasPrefix(folder) && type != "\(folder)Command.swift" ? "\(folder.lowercased()) " : ""
            #expect(page.contains("\n### `artifacts \(group)\(name)`\n"), "\(name)")
            for option in try optionNames(file) { #expect(page.contains(option), "\(name) \(option)") }
        }
    }

    /// The long options that a command's file declares.
    private func optionNames(_ file: Repository.File) throws -> [String] {
        file.lines.joined(separator: "\n").matches(of: /@(?:Option|Flag)\b(?s:.*?)\bvar (\w+)/).map { match in
            "--"
                + match.output.1.map { $0.isUppercase ? "-\($0.lowercased())" : String($0) }.joined()
        }
    }
}
