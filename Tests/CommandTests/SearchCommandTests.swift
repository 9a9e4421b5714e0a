import ArtifactStore
import Foundation
import Testing

@Suite("Searching prompts, and reindexing")
struct SearchCommandTests {
    private static func store() async throws -> StoreFolder {
        let store = try await StoreFolder()
        for (run, prompt) in [("run_1", "a lighthouse at dusk"), ("run_2", "dusk, and dusk again"), ("run_3", "été")] {
            let request: JSONValue = ["prompt": .string(prompt), "model": "gemini-3-pro-image"]
            _ = try await store.record(request, run: run)
        }
        return store
    }

    private static func runs(_ result: Command.Result) throws -> [String?] {
        try result.jsonLines().map { $0["parentRunId"]?.string }
    }

    @Test("list --search keeps what has every word, in any order of the list, with other filters")
    func search() async throws {
        let store = try await Self.store()
        let cases: [([String], [String])] = [
            (["--search", "DUSK"], ["run_2", "run_1"]),
            (["--search", "dusk", "--order", "oldest"], ["run_1", "run_2"]),
            (["--search", "dusk", "--order", "rank"], ["run_2", "run_1"]),
            (["--search", "dusk at"], ["run_1"]), (["--search", "\"dusk at\""], []),
            (["--search", "dusk", "--run", "run_2"], ["run_2"]), (["--search", "ETE"], ["run_3"]),
            (["--search", "dusk OR été"], []), (["--search", "dusk*"], ["run_2", "run_1"]),
        ]
        for (arguments, expected) in cases {
            let found = try await store.run(["list", "--format", "ndjson"] + arguments)
            #expect(found.status == 0, "\(found.errors)")
            #expect(try Self.runs(found) == expected, "\(arguments)")
        }
    }

    @Test("A search goes on by its cursor; by rank there is one page")
    func pages() async throws {
        let store = try await Self.store()
        let first = try await store.run(["list", "--search", "dusk", "--limit", "1", "--format", "json"]).json()
        let cursor = try #require(first["nextCursor"]?.string)
        let rest = try await store.run(["list", "--search", "dusk", "--cursor", cursor, "--format", "ndjson"])
        #expect(try Self.runs(rest) == ["run_1"])
        #expect(try await store.run(["list", "--search", "at", "--cursor", cursor]).status == 64)
        let ranked = ["list", "--search", "dusk", "--order", "rank", "--limit", "1", "--format", "json"]
        #expect(try await store.run(ranked).json()["nextCursor"] == .null)
        #expect(try await store.run(ranked + ["--cursor", cursor]).status == 64)
    }

    @Test(
        "What is no search is refused, and so are ranks without one",
        arguments: [["--search", ""], ["--search", "*"], ["--search", "\"\""], ["--order", "rank"]])
    func refused(arguments: [String]) async throws {
        let refused = try await Self.store().run(["list"] + arguments)
        #expect(refused.status == 64 && refused.bytes.isEmpty)
        #expect(refused.errors.contains("search"))
    }

    @Test("reindex says whether index and sums were in step, and mends what a raw shell broke")
    func reindex() async throws {
        let store = try await Self.store()
        let inStep: JSONValue = ["searchWasInStep": true, "usageWasInStep": true]
        #expect(try await store.run(["reindex", "--format", "json"]).json() == inStep)
        try await store.sql("INSERT INTO promptSearch (promptSearch) VALUES ('delete-all'); DELETE FROM usageByDay;")
        #expect(try await store.run(["list", "--search", "dusk", "--format", "ndjson"]).bytes.isEmpty)
        let report = try await store.run(["reindex"])
        #expect(report.status == 0 && report.lines.count == 2)
        #expect(report.lines.allSatisfy { $0.hasSuffix("was not in step; rebuilt") }, "\(report.output)")
        #expect(try await store.run(["reindex", "--format", "json"]).json() == inStep)
        let found = try await store.run(["list", "--search", "dusk", "--format", "ndjson"])
        #expect(try Self.runs(found) == ["run_2", "run_1"])
    }
}
