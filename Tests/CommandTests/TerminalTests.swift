import ArtifactStore
import Foundation
import Testing

@Suite("At a terminal")
struct TerminalTests {
    private func show(
        _ store: StoreFolder, _ arguments: [String], columns: Int = 80, environment: [String: String] = [:]
    ) async throws -> String {
        let shown = try await PseudoTerminal.run(
            arguments + ["--database", store.database], columns: columns, environment: environment)
        #expect(shown.status == 0, "\(shown.output)")
        return shown.output
    }

    @Test("Colour is for terminals only, and not under NO_COLOR or on a dumb one")
    func colour() async throws {
        let store = try await StoreFolder()
        let id = try await store.record("gemini-completed")[0].id
        try await store.record("openai-images-rate-limited")
        for command in [["list"], ["run", "run_1"], ["show", id], ["stats"]] {
            #expect(try await show(store, command).contains("\u{1B}["), "\(command)")
            #expect(try await !show(store, command, environment: ["NO_COLOR": "1"]).contains("\u{1B}"), "\(command)")
            #expect(try await !show(store, command, environment: ["TERM": "dumb"]).contains("\u{1B}"), "\(command)")
            #expect(try await !store.run(command, environment: ["TERM": "xterm"]).output.contains("\u{1B}"))
        }
        // no-color.org: set to nothing, it asks for nothing.
        #expect(try await show(store, ["list"], environment: ["NO_COLOR": ""]).contains("\u{1B}[32mcompleted\u{1B}[0m"))
        #expect(try await !show(store, ["list", "--format", "json"]).contains("\u{1B}"))
    }

    @Test("No line of a table is wider than the terminal", arguments: [200, 120, 100, 80, 72, 60, 41, 30, 12])
    func width(columns: Int) async throws {
        let store = try await StoreFolder()
        for prompt in [
            "a lighthouse", String(repeating: "a harbour in the fog, ", count: 30),
            String(repeating: "灯台と海、", count: 60), String(repeating: "🗼⚡✅👩‍👩‍👧🇳🇱", count: 40),
            String(repeating: "e\u{301}\u{308}", count: 300), String(repeating: "क्षत्रिय ", count: 60),
        ] {
            let run = "run_\(prompt.prefix(20))"
            _ = try await store.record(["prompt": .string(prompt), "model": "model-with-a-rather-long-name"], run: run)
        }
        for command in [["list"], ["list", "--all", "--limit", "2"], ["events"]] {
            let lines = try await show(store, command, columns: columns, environment: ["NO_COLOR": "1"])
                .split(separator: "\n")
            #expect(lines.count >= 7)
            for line in lines { #expect(Self.columns(String(line)) <= columns, "\(line)") }
        }
    }

    /// The C library's `wcwidth`, which most terminals follow. Glibc's Swift module lacks it.
    private static let wcwidth: @convention(c) (wchar_t) -> CInt = {
        setlocale(LC_CTYPE, "C.UTF-8")
        return unsafeBitCast(dlsym(nil, "wcwidth"), to: (@convention(c) (wchar_t) -> CInt).self)
    }()

    private static func columns(_ line: String) -> Int {
        line.unicodeScalars.reduce(0) { $0 + Int(max(0, wcwidth(wchar_t($1.value)))) }
    }

    @Test("At 80 columns the artifact's id is whole: it is what one copies", arguments: [["list"], ["run", "run_1"]])
    func wholeId(command: [String]) async throws {
        let store = try await StoreFolder()
        let ids = try await store.record("openai-images-two-images").map(\.id)
        let shown = try await show(store, command)
        for id in ids { #expect(shown.contains(id)) }
    }

    private static let hostile = """
        calm\u{1B}]0;title\u{07}\u{1B}[2J\u{9B}31m\u{202E}reversed\u{2066}\u{200B}\u{7F}\u{8}\r
        second line\u{2028}third\u{E0041}\u{FEFF}
        """

    @Test("Stored text never acts on a terminal, whatever the command and format")
    func hostileText() async throws {
        let store = try await StoreFolder()
        let hostile = Self.hostile
        var options = StoreOptions()
        options.owner = "owner \(hostile)"
        options.makeArtifactID = { _ in ArtifactID("id \(hostile)") }
        let library = try await ArtifactStore.open(at: store.database, options: options)
        let request = GeneratedImageRequest(
            prompt: hostile, model: "model \(hostile)", size: hostile, extraParameters: ["note": .string(hostile)])
        let context = ArtifactContext(
            promptComposition: [PromptPart(role: "role \(hostile)", source: hostile, text: hostile)],
            versionContext: VersionContext(skillVersion: hostile))
        let claim = try await library.begin(request, for: "run \(hostile)", context: context).claim
        let commands = [["list"], ["show", claim.artifactId.text], ["run", "run \(hostile)"], ["events"], ["stats"]]
        try await expectHarmless(commands, in: store)
        try await library.fail(
            claim, ArtifactFailure(.generationFailed, hostile, recoveryGuidance: hostile, providerCode: hostile),
            execution: ModelExecution(provider: "provider \(hostile)"))
        try await library.close()
        try await expectHarmless(commands, in: store)
        let missing = try await PseudoTerminal.run(["show", hostile, "--database", store.database], columns: 80)
        #expect(missing.status == 3)
        #expect(Self.harmful(missing.output) == [])
    }

    private func expectHarmless(_ commands: [[String]], in store: StoreFolder) async throws {
        for command in commands {
            for format in ["table", "json", "ndjson", "csv"] {
                let shown = try await show(store, command + ["--format", format])
                #expect(Self.harmful(shown) == [], "\(command[0]) \(format)")
                // Escaped for the terminal, the document is still the one that a program gets.
                if format == "json" {
                    let piped = try await store.run(command + ["--format", format]).json()
                    #expect(try JSONParser.parse(shown) == piped, "\(command[0])")
                }
            }
            #expect(Self.harmful(try await store.run(command).output) == [], "\(command[0]), piped")
        }
    }

    /// What would act on a terminal, apart from line ends and this command's own colours.
    private static func harmful(_ text: String) -> Set<String> {
        let plain = text.replacing(/\u{1B}\[(0|1|31|32|33)m/, with: "").replacingOccurrences(of: "\r\n", with: "\n")
        return Set(
            plain.unicodeScalars.filter { scalar in
                switch scalar.properties.generalCategory {
                case .control: scalar != "\n"
                case .format, .lineSeparator, .paragraphSeparator: true
                default: false
                }
            }.map { String($0.value, radix: 16) })
    }

    @Test("Hostile ids of abandoned artifacts are one harmless line each")
    func sweep() async throws {
        let store = try await StoreFolder()
        var options = StoreOptions()
        options.makeArtifactID = { _ in ArtifactID("id \(Self.hostile)") }
        let library = try await ArtifactStore.open(at: store.database, options: options)
        _ = try await library.begin(
            GeneratedImageRequest(prompt: "p", model: "m"), for: "run_1", claimDuration: .milliseconds(1))
        try await library.close()
        let swept = try await show(store, ["sweep"])
        #expect(Self.harmful(swept) == [])
        #expect(swept.split(separator: "\n").count == 2)
    }
}
