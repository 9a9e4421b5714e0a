import ArtifactStoreTesting
import Foundation
import Testing

@Suite("Help")
struct HelpTests {
    private static let subcommands = [
        "init", "record", "list", "show", "run", "get", "events", "sweep", "stats", "migrate", "backup", "restore",
        "export", "import", "url", "urls", "verify", "doctor", "reindex", "models", "recompute",
    ]
    private static let nested =
        ["status", "plan", "up", "verify", "lint"].map { ["migrate", $0] } + [["urls", "purge"]]
        + ["import", "list", "show", "diff"].map { ["models", $0] }

    private static func help(_ arguments: [String]) async throws -> String {
        let result = try await Command.run(arguments + ["--help"], environment: ["COLUMNS": "80"])
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        return result.output
    }

    /// To renew the file after a change that was meant: `ARTIFACTS_RENEW_GOLDEN=1 swift test --filter CommandTests`.
    @Test("The root's help is the one in Golden/root-help.txt")
    func golden() async throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/root-help.txt")
        let help = try await Self.help([])
        if ProcessInfo.processInfo.environment["ARTIFACTS_RENEW_GOLDEN"] != nil {
            try Data(help.utf8).write(to: file)
        }
        #expect(help == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test("The root's help names every subcommand and exit code")
    func root() async throws {
        let help = try await Self.help([])
        for subcommand in Self.subcommands { #expect(help.contains("\n  \(subcommand) "), "\(subcommand)") }
        let codes = help.matches(of: /(?m)\s(\d+) [a-z]/).compactMap { Int($0.output.1) }
        #expect(codes == [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 64])
        // Without arguments the same, since a newcomer types nothing.
        #expect(try await Command.run([], environment: ["COLUMNS": "80"]).output == help)
    }

    @Test("Each subcommand's help has examples that fit 80 columns and that the command understands")
    func examples() async throws {
        let folder = try TemporaryFolder()
        for command in [[]] + Self.subcommands.map({ [$0] }) + Self.nested {
            let subcommand = command.joined(separator: " ")
            let help = try await Self.help(command)
            let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
            let start = try #require(lines.firstIndex { $0.hasPrefix("EXAMPLE") }, "\(subcommand)")
            let block = lines[(start + 1)...].prefix { !$0.isEmpty }
            let examples = block.joined(separator: "\n").replacing("\\\n", with: "").split(separator: "\n")
            #expect(!examples.isEmpty)
            for example in examples {
                #expect(example.hasPrefix("  artifacts \(subcommand)"), "\(example)")
                let result = try await Command.shell(
                    String(example), environment: ["ARTIFACTS_DATABASE": folder.path(of: "none.sqlite")],
                    in: folder.path)
                // The parser's own complaints begin so; that files are missing here is another matter.
                #expect(!result.errors.contains("Error: "), "\(example): \(result.errors)")
            }
            for line in lines where !line.hasPrefix("USAGE: ") { #expect(line.count <= 80, "\(line)") }
        }
    }

    @Test("Completion scripts for bash, zsh and fish know every subcommand", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        let result = try await Command.run(["--generate-completion-script", shell])
        #expect(result.status == 0)
        for subcommand in Self.subcommands { #expect(result.output.contains(subcommand), "\(subcommand)") }
        // bash is always there; the others are asked where they are installed.
        let check = try await Command.shell(
            "command -v \(shell) > /dev/null || exit 0; artifacts --generate-completion-script \(shell) | \(shell) -n")
        #expect(check.status == 0, "\(check.errors)")
    }
}
