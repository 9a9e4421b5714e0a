import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("What embedders test with")
struct TestingHelpersTests {
    @Test("A manual clock moves only when told to, and stays in range")
    func clock() {
        let clock = ManualClock()
        #expect(clock.now.description == "2026-01-01T00:00:00.000Z")
        clock.advance(by: .seconds(90))
        #expect(clock.now.description == "2026-01-01T00:01:30.000Z")
        clock.advance(by: .seconds(-91))
        #expect(clock.now.description == "2025-12-31T23:59:59.000Z")
        clock.now = .latest
        clock.advance(by: .milliseconds(1))
        #expect(clock.now == .latest)
    }

    @Test("A temporary folder is its own, and gone with its last reference")
    func folder() throws {
        var folder: TemporaryFolder? = try TemporaryFolder()
        let path = try #require(folder?.path)
        #expect(try folder?.path != TemporaryFolder().path)
        try Data().write(to: URL(fileURLWithPath: "\(path)/file"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        folder = nil
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("A faulty storage fails the chosen calls, before or after they were done, and no other")
    func faults() async throws {
        let storage = FaultyObjectStorage(wrapping: MemoryStorage(flaw: nil))
        #expect(storage.kind == "memory" && storage.bucket == "test")
        storage.fail(call: 1)
        storage.fail(call: 2, .afterwards, with: StoreError(.objectStorage, "the answer was lost", hint: "Repeat."))
        storage.fail(call: 4)
        let sample = Sample("bytes")
        let first = await #expect(throws: StoreError.self) { try await storage.put(sample, at: "a.png") }
        #expect(first?.message == FaultyObjectStorage.unreachable.message)
        let second = await #expect(throws: StoreError.self) { try await storage.put(sample, at: "a.png") }
        #expect(second?.message == "the answer was lost")
        #expect(try await storage.head("a.png") == 5, "the second call had stored its bytes")
        await #expect(throws: StoreError.self) { _ = try await storage.get("a.png") }
        #expect(try await storage.get("a.png", expecting: sample) == sample.bytes)
        try await storage.put(sample, at: "a.png")
        #expect(storage.callCount == 6)
    }

    @Test("A faulty storage without faults obeys the laws", arguments: ObjectStorageConformance.checks)
    func transparent(check: ObjectStorageConformance.Check) async throws {
        try await check.run(FaultyObjectStorage(wrapping: MemoryStorage(flaw: nil)))
    }
}
