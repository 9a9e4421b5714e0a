import ArtifactStore
import Foundation
import Testing

@Suite("The README's Swift")
struct ReadmeTests {
    @Test("Its first Swift block is the file ReadmeSnippet.swift, which this target compiles")
    func verbatim() throws {
        let readme = try Repository.text("README.md")
        let block = try #require(readme.firstMatch(of: /\n```swift\n((?s:.*?))```\n/)).output.1
        #expect(try String(block) == Repository.text("Tests/RepositoryTests/ReadmeSnippet.swift"))
    }

    @Test("It does what it says, and a second call asks the provider for nothing")
    func runs() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("readme-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let recorded = try JSONParser.parse(Repository.text("Examples/responses/openai-images-completed.json"))
        let body = Data(try #require(recorded["body"]).compactText.utf8)
        let calls = Calls()
        for _ in 0..<2 {
            let run = try await paint("A lighthouse at dusk.", in: folder.path) { _ in
                await calls.count()
                return (200, body)
            }
            #expect(run.counts.completed == 1)
            #expect(run.counts.total == 1)
        }
        #expect(await calls.number == 1)
    }

    private actor Calls {
        private(set) var number = 0
        func count() { number += 1 }
    }

    @Test("Commands it shows exist: make targets and artifacts subcommands")
    func commands() throws {
        let readme = try Repository.text("README.md")
        let makefile = try Repository.text("Makefile")
        for match in readme.matches(of: /\bmake ([a-z]+)\b/) {
            #expect(makefile.contains("\n\(match.output.1):"), "make \(match.output.1)")
        }
        let root = try Repository.files(below: "Sources/artifacts/Commands", ending: "Command.swift")
            .flatMap {
                $0.lines.joined(separator: "\n").matches(of: /commandName: "(\w+)"/).map { String($0.output.1) }
            }
        for match in readme.matches(of: /(?m)^\s*(?:\$ )?artifacts (\w+)/) {
            #expect(root.contains(String(match.output.1)), "artifacts \(match.output.1)")
        }
    }
}
