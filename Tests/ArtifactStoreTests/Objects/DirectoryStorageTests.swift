@testable import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Synchronization
import Testing

@Suite("Directory storage")
struct DirectoryStorageTests {
    @Test("It obeys the laws of object storage", arguments: ObjectStorageConformance.checks)
    func conformance(check: ObjectStorageConformance.Check) async throws {
        let fixture = try StorageFixture()
        try await check.run(fixture.storage)
        #expect(fixture.leftovers().isEmpty)
    }

    @Test("An object is one file below root and bucket, and the reference says so")
    func layout() async throws {
        let fixture = try StorageFixture()
        try await fixture.storage.put(Sample("bytes"), at: "runs/run_8f3/a.png")
        #expect(fixture.storage.kind == "directory")
        #expect(fixture.storage.bucket == "renders")
        #expect(FileManager.default.contents(atPath: fixture.path("runs/run_8f3/a.png")) == Data("bytes".utf8))
        #expect(try await fixture.reopened().get("runs/run_8f3/a.png") == Data("bytes".utf8))
    }

    @Test("A call site can write .directory(…)")
    func factory() async throws {
        func kind(of storage: some ObjectStorage) -> String { storage.kind }
        let folder = try TemporaryFolder()
        #expect(kind(of: try .directory(folder.path(of: "objects"), bucket: "renders")) == "directory")
    }

    @Test("Of 32 tasks with different bytes for one key, exactly one wins")
    func oneWinner() async throws {
        let fixture = try StorageFixture()
        let samples = (0..<32).map { Sample(Data(repeating: UInt8($0), count: 50_000 + $0 % 2)) }
        let winners = await withTaskGroup(of: Int?.self) { group in
            for (index, sample) in samples.enumerated() {
                group.addTask {
                    do {
                        try await fixture.storage.put(sample, at: "run/a.png")
                        return index
                    } catch {
                        #expect((error as? StoreError)?.code == .objectExists)
                        return nil
                    }
                }
            }
            return await group.reduce(into: [Int]()) { if let winner = $1 { $0.append(winner) } }
        }
        try #require(winners.count == 1)
        #expect(try await fixture.storage.get("run/a.png") == samples[winners[0]].bytes)
        #expect(fixture.leftovers().isEmpty)
    }

    @Test("Of 32 tasks with the same bytes for one key, all succeed")
    func allWin() async throws {
        let fixture = try StorageFixture()
        let sample = Sample(Data(repeating: 7, count: 50_000))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<32 { group.addTask { try await fixture.storage.put(sample, at: "run/a.png") } }
            try await group.waitForAll()
        }
        #expect(try await fixture.storage.get("run/a.png", expecting: sample) == sample.bytes)
        #expect(fixture.leftovers().isEmpty)
    }

    @Test("Disks that keep writers waiting keep no task waiting", .timeLimit(.minutes(1)))
    func blocking() async throws {
        let gate = DispatchSemaphore(value: 0)
        let waiting = Mutex(0)
        var calls = FileSystemCalls()
        calls.intercept = { name, _, perform in
            if name == .write {
                waiting.withLock { $0 += 1 }
                gate.wait()
            }
            return perform()
        }
        let fixture = try StorageFixture(calls: calls)
        // More than there are cores, so the cooperative pool would be used up.
        let writerCount = ProcessInfo.processInfo.activeProcessorCount + 2
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<writerCount {
                group.addTask { try await fixture.storage.put(Sample("\(number)"), at: "\(number).png") }
            }
            while waiting.withLock({ $0 }) < writerCount { try await Task.sleep(for: .milliseconds(2)) }
            for _ in 0..<writerCount { gate.signal() }
            try await group.waitForAll()
        }
    }

    @Test("A cancelled task touches nothing")
    func cancelled() async throws {
        let script = CallScript()
        let fixture = try StorageFixture(calls: script.fileSystemCalls)
        script.arm()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await fixture.storage.put(Sample("bytes"), at: "a.png")
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(script.calls.isEmpty)
    }

    @Test("Files left behind by a crash are removed once they are old enough")
    func leftovers() async throws {
        let fixture = try StorageFixture()
        #expect(try await fixture.storage.removeLeftovers(before: .latest) == 0)
        try await fixture.storage.put(Sample("bytes"), at: "a.png")
        try Data("half".utf8).write(to: URL(fileURLWithPath: "\(fixture.incoming)/left"))
        #expect(try await fixture.storage.removeLeftovers(before: .earliest.advanced(by: .seconds(1_000_000_000))) == 0)
        #expect(fixture.leftovers() == ["left"])
        #expect(try await fixture.storage.removeLeftovers(before: .latest) == 1)
        #expect(fixture.leftovers().isEmpty)
        #expect(try await fixture.storage.get("a.png") == Data("bytes".utf8))
    }
}
