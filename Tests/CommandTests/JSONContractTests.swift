import ArtifactStore
import Foundation
import Testing

@Suite("The JSON contract")
struct JSONContractTests {
    private static let artifactNames = [
        "artifactId", "artifactType", "parentRunType", "parentRunId", "status", "storage", "request", "modelExecution",
        "admission", "context", "usage", "failure", "createdAt", "completedAt",
    ]

    @Test("show prints one artifact object that has every wire name, null where there is nothing")
    func show() async throws {
        let store = try await StoreFolder()
        let answer = try store.write(["httpStatus": 504])
        let request = StoreFolder.example("gemini-completed").request
        _ = try await store.run(["record", "--run", "run_1", "--request", request, "--response", answer])
        let completed = try await store.record("openai-images-completed")[0].id
        let failed = try await store.record("openai-images-moderation-blocked")[0].id
        let pending = try await store.run(["list", "--status", "pending", "--format", "ndjson"]).jsonLines()[0].id
        let nothing = [
            pending: ["storage", "modelExecution", "usage", "failure", "completedAt"],
            completed: ["failure"], failed: ["storage"],
        ]
        for (id, absent) in nothing {
            let result = try await store.run(["show", id, "--format", "json"])
            // Foundation's parser is the stranger's: it shares no code with the writer.
            let stranger = try JSONSerialization.jsonObject(with: result.bytes) as? [String: Any]
            #expect(Set(Self.artifactNames).subtracting(try #require(stranger).keys) == [])
            let artifact = try result.json()
            #expect(artifact["artifactId"] == .string(id))
            #expect(artifact["artifactType"] == "generated_image")
            #expect(artifact["parentRunType"] == "skill_run")
            for name in Self.artifactNames {
                #expect((artifact[name] == .null) == absent.contains(name), "\(name) of \(artifact["status"] ?? .null)")
            }
            #expect(artifact["createdAt"]?.string?.wholeMatch(of: Self.moment) != nil)
            #expect(try await store.run(["show", id, "--format", "ndjson"]).jsonLines() == [artifact])
        }
    }

    private static var moment: Regex<Substring> { /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/ }

    @Test("run prints one object of artifacts, counts, models, usage and failures")
    func run() async throws {
        let store = try await StoreFolder()
        let image = try await store.record("openai-images-completed")[0]
        let failure = try await store.record("openai-images-rate-limited")[0]
        try await store.record("gemini-completed", run: "another")
        let run = try await store.run(["run", "run_1", "--format", "json"]).json()
        #expect(run["parentRunId"] == "run_1")
        #expect(run["artifacts"] == [image, failure])
        #expect(run["counts"] == ["pending": 0, "completed": 1, "failed": 1, "total": 2])
        #expect(run["models"]?.array?.map { $0["requestedModel"] } == ["gpt-image-1.5", "gpt-image-1.5"])
        #expect(run[path: "usage", "totalTokens"] == image[path: "usage", "totalTokens"])
        #expect(run["failures"]?.array?.map { $0["artifactId"] } == [failure["artifactId"]])
        #expect(run["failures"]?.array?.first?["retryAfter"] == 12)
        #expect(try await store.run(["run", "run_1", "--format", "ndjson"]).jsonLines() == [image, failure])
    }

    @Test("list prints artifacts and the cursor of the next page, null behind the last")
    func list() async throws {
        let store = try await StoreFolder()
        let pair = try await store.record("openai-images-two-images")
        let page = try await store.run(["list", "--limit", "1", "--format", "json"]).json()
        #expect(page["artifacts"] == [pair[1]])
        #expect(page["nextCursor"]?.string != nil)
        let all = try await store.run(["list", "--format", "json"]).json()
        #expect(all == ["artifacts": [pair[1], pair[0]], "nextCursor": .null])
        #expect(try await store.run(["list", "--order", "oldest", "--format", "ndjson"]).jsonLines() == pair)
        let none = try await store.run(["list", "--status", "failed", "--format", "json"]).json()
        #expect(none == ["artifacts": [], "nextCursor": .null])
    }

    @Test("events are numbered lines of an artifact's history")
    func events() async throws {
        let store = try await StoreFolder()
        let artifact = try await store.record("openai-images-rate-limited")[0]
        let events = try await store.run(["events", "--format", "ndjson"]).jsonLines()
        #expect(events.map { $0["sequence"] } == [1, 2])
        #expect(events.map { $0["kind"] } == ["created", "failed"])
        #expect(events.map { $0["failureType"] } == [nil, "provider_unavailable"])
        #expect(events.allSatisfy { $0["artifactId"] == artifact["artifactId"] && $0["parentRunId"] == "run_1" })
        #expect(try await store.run(["events", "--format", "json"]).json() == ["events": .array(events)])
        let later = try await store.run(["events", "--after", "1", "--artifact", artifact.id, "--format", "ndjson"])
        #expect(try later.jsonLines() == [events[1]])
    }

    @Test("Long text is whole in JSON and CSV, and cut in tables")
    func longText() async throws {
        let store = try await StoreFolder()
        let prompt = String(repeating: "a lighthouse at dusk, ", count: 4000)
        let id = try await store.record(["prompt": .string(prompt), "model": "model-a"]).id
        for command in [["list"], ["show", id], ["run", "run_1"]] {
            #expect(try await store.run(command + ["--format", "json"]).output.contains(prompt), "\(command)")
            #expect(try await store.run(command + ["--format", "ndjson"]).output.contains(prompt), "\(command)")
            #expect(try await store.run(command + ["--format", "csv"]).output.contains(prompt), "\(command)")
        }
        let table = try await store.run(["list"]).output
        #expect(table.contains("a lighthouse at dusk, a") && table.contains("…"))
        #expect(table.utf8.count < 1000)
    }

    @Test("Nothing of a filter is ignored: each one alone finds what it should")
    func filters() async throws {
        let store = try await StoreFolder()
        let google = try await store.record("gemini-completed", run: "run_g")[0].id
        let blocked = try await store.record("openai-images-moderation-blocked", run: "run_b")[0].id
        let expected: [([String], [String])] = [
            (["--status", "failed"], [blocked]), (["--run", "run_g"], [google]),
            (["--model", "gemini-2.5-flash-image"], [google]), (["--provider", "openai"], [blocked]),
            (["--failure-type", "unsafe_image_request"], [blocked]), (["--failure-type", "generation_failed"], []),
            (["--template-version", "5"], [google]), (["--template-version", "4"], [blocked]),
            (["--skill-version", "2.3.0", "--prompt-version", "3"], [blocked, google]),
            (["--skill-version", "2"], []), (["--prompt-version", "4"], []), (["--provider", "nobody"], []),
            (["--since", "2020-01-01"], [blocked, google]), (["--until", "2020-01-01T00:00:00Z"], []),
            (["--status", "failed", "--run", "run_g"], []),
        ]
        for (filter, ids) in expected {
            let found = try await store.run(["list", "--format", "ndjson"] + filter).jsonLines().map(\.id)
            #expect(found == ids, "\(filter)")
        }
    }
}
