import ArtifactStore
import Testing

@Suite("Reading a list in pages")
struct PagingTests {
    @Test("Following the cursor meets every artifact once, also when more are recorded meanwhile")
    func walk() async throws {
        let store = try await StoreFolder()
        for _ in 0..<3 { try await store.record("openai-images-two-images") }
        try await store.record("gemini-completed", run: "run_2")
        let all = try await store.run(["list", "--all", "--format", "ndjson"]).jsonLines()
        #expect(all.count == 7)
        for (order, expected) in [("newest", all), ("oldest", all.reversed())] {
            var walked: [JSONValue] = []
            var cursor: String?
            repeat {
                let arguments = ["list", "--order", order, "--limit", "3", "--format", "json"]
                let page = try await store.run(arguments + (cursor.map { ["--cursor", $0] } ?? [])).json()
                walked += page["artifacts"]?.array ?? []
                cursor = page["nextCursor"]?.string
                // Newer than the walk: it must not appear in the rest of it, nor push anything out.
                if order == "newest", walked.count == 3 { try await store.record("gemini-completed", run: "later") }
            } while cursor != nil && walked.count < 20
            #expect(walked.prefix(7).elementsEqual(expected), "\(order)")
            #expect(walked.count == (order == "newest" ? 7 : 8))
        }
    }

    @Test(
        "A cursor is for its own filter and order only", arguments: [[], ["--run", "run_2"], ["--order", "oldest"]])
    func otherList(arguments: [String]) async throws {
        let store = try await StoreFolder()
        try await store.record("openai-images-two-images")
        let own = ["list", "--run", "run_1", "--limit", "1"]
        let cursor = try #require(try await store.run(own + ["--format", "json"]).json()["nextCursor"]?.string)
        #expect(try await store.run(own + ["--cursor", cursor]).status == 0)
        let other = arguments == ["--order", "oldest"] ? own + arguments : ["list", "--limit", "1"] + arguments
        let refused = try await store.run(other + ["--cursor", cursor])
        #expect(refused.status == 64)
        #expect(refused.bytes.isEmpty)
        #expect(refused.errors.contains("another filter or order"))
    }

    @Test("A table says on standard error how to go on")
    func note() async throws {
        let store = try await StoreFolder()
        try await store.record("openai-images-two-images")
        let page = try await store.run(["list", "--limit", "1"])
        let cursor = try #require(page.errors.firstMatch(of: /--cursor (\S+)\n/)?.output.1)
        let rest = try await store.run(["list", "--limit", "1", "--cursor", String(cursor)])
        #expect(rest.lines.count == 2 && rest.errors.isEmpty)
        #expect(try await store.run(["list", "--run", "nobody"]).errors == "no artifact matches\n")
    }
}
