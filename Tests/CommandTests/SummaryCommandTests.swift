import ArtifactStore
import Foundation
import Testing

@Suite("artifacts usage and artifacts failures")
struct SummaryCommandTests {
    private func recorded() async throws -> StoreFolder {
        let store = try await StoreFolder()
        try await store.record("openai-images-completed", run: "run_1")
        try await store.record("openai-images-two-images", run: "run_1")
        try await store.record("gemini-completed", run: "run_2")
        try await store.record("openai-images-rate-limited", run: "run_3")
        try await store.record("openai-images-moderation-blocked", run: "run_3")
        return store
    }

    @Test("usage sums by each key in every format, with a total for people, and tells what has no known cost")
    func usage() async throws {
        let store = try await recorded()
        for by in ["day", "model", "provider", "run", "version"] {
            let json = try await store.run(["usage", "--by", by, "--format", "json"]).json()
            #expect(json[path: "counts", "total"] == 6)
            let groups = try #require(json["groups"]?.array)
            let lines = try await store.run(["usage", "--by", by, "--format", "ndjson"]).jsonLines()
            #expect(lines == groups && !groups.isEmpty)
            let csv = try CSVText.parse(try await store.run(["usage", "--by", by, "--format", "csv"]).output)
            #expect(csv.count == groups.count + 1 && Set(csv.map(\.count)).count == 1)
        }
        let table = try await store.run(["usage", "--by", "run"])
        #expect(table.lines.first?.hasPrefix("RUN ") == true && table.lines.last?.hasPrefix("total ") == true)
        #expect(table.lines.count == 5)
        let all = try await store.run(["usage", "--format", "json"]).json()
        let recent = try await store.run(["usage", "--since", "30d"])
        #expect(recent.lines.first?.hasSuffix("  WITHOUT COST") == true)
        let withoutCost = try #require(all[path: "usage", "artifactsWithoutCost"]?.integer)
        #expect(withoutCost > 0 && recent.lines.last?.hasSuffix("  \(withoutCost)") == true)
        let csv = try CSVText.parse(try await store.run(["usage", "--since", "30d", "--format", "csv"]).output)
        #expect(csv[0].last == "usage.artifactsWithoutCost" && csv[1].last == "\(withoutCost)")
        let one = try await store.run(["usage", "--by", "run", "--run", "run_2"])
        #expect(one.lines.count == 2, "one group needs no total")
        let runs = try await store.run(["run", "run_1", "--format", "json"]).json()
        let summed = try await store.run(["usage", "--by", "run", "--run", "run_1", "--format", "json"]).json()
        #expect(summed["usage"] == runs["usage"], "a run's sums are those of its detail")
    }

    @Test("failures are counted by type, model and provider, with guidance")
    func failures() async throws {
        let store = try await recorded()
        let table = try await store.run(["failures", "--since", "7d"])
        #expect(table.output.contains("unsafe_image_request") && table.output.contains("recoveryGuidance"))
        for by in ["type", "model", "provider"] {
            let groups = try await store.run(["failures", "--by", by, "--format", "json"]).json()["failures"]?.array
            #expect(groups?.count == 2)
            for group in groups ?? [] {
                #expect(group["count"] == 1 && group["recoveryGuidance"]?.string?.isEmpty == false)
                #expect((group["model"] != nil) == (by == "model") && (group["provider"] != nil) == (by == "provider"))
            }
            let csv = try CSVText.parse(try await store.run(["failures", "--by", by, "--format", "csv"]).output)
            #expect(csv.count == 3 && csv[0].contains("recoveryGuidance"))
        }
        let none = try await store.run(["failures", "--until", "7d"])
        #expect(none.status == 0 && none.errors.contains("nothing failed"))
    }

    @Test("Times may say how long ago, in every command that takes one, and nonsense is refused")
    func ago() async throws {
        let store = try await recorded()
        for command in ["usage", "failures", "list"] {
            let now = try await store.run([command, "--since", "1h", "--format", "ndjson"])
            let before = try await store.run([command, "--until", "1h", "--format", "ndjson"])
            #expect(!now.bytes.isEmpty && before.bytes.isEmpty, "\(command)")
            for text in ["h", "-1h", "1", "1y", "1.5h", "", "99999999d"] {
                #expect(try await store.run([command, "--since", text]).status == 64, "\(command) \(text)")
            }
        }
        #expect(try await store.run(["usage", "--by", "colour"]).status == 64)
    }
}
