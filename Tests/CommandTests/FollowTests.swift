import ArtifactStore
import Foundation
import Testing

@Suite("Following the events")
struct FollowTests {
    @Test("Events come as other processes write them, each once and in order")
    func live() async throws {
        let store = try await StoreFolder()
        try await store.record("gemini-completed")
        let follower = try Command.start(
            Command.path, ["events", "--follow", "--format", "ndjson", "--database", store.database])
        #expect(try await follower.lines(2).map { try JSONParser.parse($0)["sequence"] } == [1, 2])
        let pair = try await store.record("openai-images-two-images")
        let events = try await follower.lines(4).map { try JSONParser.parse($0) }
        #expect(events.map { $0["sequence"] } == [3, 4, 5, 6])
        #expect(events.map { $0["kind"] } == ["created", "created", "completed", "completed"])
        // The first image of an answer ends last.
        #expect(events.map { $0["artifactId"] } == (pair + pair.reversed()).map { $0["artifactId"] })
        try await store.record("openai-images-rate-limited")
        #expect(try await follower.lines(2).map { try JSONParser.parse($0)["kind"] } == ["created", "failed"])
        #expect(follower.process.isRunning)
        await follower.interrupt()
    }

    @Test(
        "Following goes on behind the last event seen, in small steps, in a table and in CSV",
        arguments: ["table", "csv"])
    func later(format: String) async throws {
        let store = try await StoreFolder()
        for _ in 0..<2 { try await store.record("openai-images-two-images") }
        let follower = try Command.start(
            Command.path,
            ["events", "--follow", "--after", "5", "--limit", "1", "--format", format, "--database", store.database])
        let lines = await follower.lines(4)
        #expect(lines[0].lowercased().hasPrefix("sequence"))
        #expect(lines.dropFirst().map { $0.prefix(1) } == ["6", "7", "8"])
        await follower.interrupt()
    }
}
