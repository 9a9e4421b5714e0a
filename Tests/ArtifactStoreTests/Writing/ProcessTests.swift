import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("Several processes", .serialized)
struct ProcessTests {
    @Test("8 processes x one idempotency key: exactly one artifact")
    func oneKey() async throws {
        for _ in 0..<10 {
            let folder = try TemporaryFolder()
            let path = folder.path(of: "a.sqlite")
            let started = try (0..<8).map { _ in try Driver.start(Driver.path, ["begin", path, "run_1", "hero"]) }
            var results: [Driver.Result] = []
            for process in started { results.append(await process.finish()) }
            let created = results.filter { $0.output.hasPrefix("created ") }
            let refused = results.filter { $0.output.hasPrefix("error claimHeld") }
            #expect(created.count == 1)
            #expect(refused.count == 7, "\(results.map(\.output))")
            let store = try await ArtifactStore.open(at: path)
            #expect(try await store.statistics().counts.total == 1)
            try await store.close()
        }
    }

    @Test("A reader sees every commit of a writer in another process, while it writes")
    func readingMeanwhile() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "a.sqlite")
        try await ArtifactStore.open(at: path).close()
        let writer = try Driver.start(Driver.path, ["lifecycle", path, "300", "full"])
        var options = StoreOptions()
        options.access = .readOnly
        let store = try await ArtifactStore.open(at: path, options: options)
        var last: Int64 = 0
        var seen = 0
        while seen < 600 {
            let events = try await store.events(after: last, limit: 1000)
            #expect(events.map(\.sequence) == Array((last + 1)..<(last + 1 + Int64(events.count))))
            last = events.last?.sequence ?? last
            seen += events.count
            if events.isEmpty, !writer.process.isRunning { break }
        }
        #expect(await writer.finish().status == 0)
        #expect(try await store.events(after: last, limit: 1000).count + seen == 600)
    }
}
