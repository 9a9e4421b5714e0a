@testable import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("Directory storage when a system call fails or the process dies")
struct DirectoryStorageFailureTests {
    /// What is there before the call that fails.
    enum Scene: String, CaseIterable {
        case emptyRoot, foldersThere, objectThere
    }

    private static let key = "runs/run_8f3/a.png"
    /// Three chunks of 1,000 bytes.
    private static let sample = Sample(Data((0..<2_500).map { UInt8(truncatingIfNeeded: $0 * 7) }))
    private static let codes = [EIO, ENOSPC]

    private static func prepared(_ scene: Scene) async throws -> (StorageFixture, CallScript) {
        let script = CallScript()
        let fixture = try StorageFixture(calls: script.fileSystemCalls)
        if scene == .foldersThere { try await fixture.storage.put(Sample("other"), at: "runs/run_8f3/b.png") }
        if scene == .objectThere { try await fixture.storage.put(sample, at: key) }
        return (fixture, script)
    }

    private static func callsOfPut(_ scene: Scene) async throws -> [String] {
        let (fixture, script) = try await prepared(scene)
        script.arm()
        try await fixture.storage.put(sample, at: key)
        return script.calls
    }

    @Test("Bytes are synced before they get their name, and every folder on the way after it got its entry")
    func order() async throws {
        let folder = try TemporaryFolder()
        let script = CallScript()
        let root = folder.path(of: "objects")
        let storage = try DirectoryObjectStorage(root: root, bucket: "renders", calls: script.fileSystemCalls) { 10 }
        script.arm()
        try await storage.put(Sample("bytes"), at: "runs/a.png")
        #expect(
            script.calls == [
                "makeDirectory renders", "open renders", "setMode renders", "sync \(root)",
                "makeDirectory runs", "open runs", "setMode runs", "sync renders",
                "makeDirectory .incoming", "open .incoming", "setMode .incoming",
                "open a-a", "setMode a-a", "write a-a", "sync a-a", "status a-a", "link a.png", "sync runs",
                "remove a-a",
            ])
        script.arm()
        try await storage.put(Sample("bytes"), at: "runs/a.png")
        // Found things are synced as well: the caller who made them may not have come to it.
        #expect(
            script.calls.filter { $0.hasPrefix("sync") } == [
                "sync \(root)", "sync renders", "sync a-a", "sync a.png", "sync runs",
            ])
    }

    @Test("A put that throws at any call leaves nothing or the whole object, and converges", arguments: Scene.allCases)
    func everyFailingCall(scene: Scene) async throws {
        let calls = try await Self.callsOfPut(scene)
        let link = try #require(calls.firstIndex(of: "link a.png")) + 1
        for number in 1...calls.count {
            for code in Self.codes {
                let (fixture, script) = try await Self.prepared(scene)
                script.arm(.beforehand(at: number, code: code))
                do {
                    try await fixture.storage.put(Self.sample, at: Self.key)
                    #expect(calls[number - 1].hasPrefix("remove"), "\(calls[number - 1]) failed unseen")
                } catch let error as StoreError {
                    #expect(error.code == .objectStorage && error.underlyingCode == code)
                    #expect(!error.hint.isEmpty)
                    #expect(fixture.leftovers().isEmpty)
                }
                let found = try await fixture.reopened().head(Self.key)
                #expect(found == (number > link || scene == .objectThere ? 2_500 : nil), "\(calls[number - 1])")
                try await Self.expectConvergence(fixture)
            }
        }
    }

    @Test("A call that did its work and reported failure changes nothing of that", arguments: Scene.allCases)
    func everyCallFailingAfterwards(scene: Scene) async throws {
        let calls = try await Self.callsOfPut(scene)
        for number in 1...calls.count {
            let (fixture, script) = try await Self.prepared(scene)
            script.arm(.afterwards(at: number, code: EIO))
            do {
                try await fixture.storage.put(Self.sample, at: Self.key)
                #expect(calls[number - 1].hasPrefix("remove"))
            } catch let error as StoreError {
                #expect(error.underlyingCode == EIO)
            }
            try await Self.expectNothingOrAll(fixture)
            try await Self.expectConvergence(fixture)
        }
    }

    @Test("A process that dies before any call leaves nothing or the whole object", arguments: Scene.allCases)
    func everyCrash(scene: Scene) async throws {
        let calls = try await Self.callsOfPut(scene)
        for number in 1...calls.count {
            let (fixture, script) = try await Self.prepared(scene)
            script.arm(.crash(at: number))
            try? await fixture.storage.put(Self.sample, at: Self.key)
            try await Self.expectNothingOrAll(fixture)
            try await Self.expectConvergence(fixture)
            let storage = try fixture.reopened()
            #expect(try await storage.removeLeftovers(before: .latest) <= 1)
            #expect(fixture.leftovers().isEmpty)
            #expect(try await storage.get(Self.key, expecting: Self.sample) == Self.sample.bytes)
        }
    }

    @Test("A get or head that fails at any call throws, and the next one succeeds")
    func everyFailingRead() async throws {
        for number in 1...100 {
            let (fixture, script) = try await Self.prepared(.objectThere)
            script.arm(.beforehand(at: number, code: EIO))
            do {
                _ = try await fixture.storage.head(Self.key)
                let bytes = try await fixture.storage.get(Self.key, expecting: Self.sample)
                #expect(bytes == Self.sample.bytes && number > 10 && script.calls.count == number - 1)
                return
            } catch let error as StoreError {
                #expect(error.code == .objectStorage && error.underlyingCode == EIO)
            }
            #expect(try await fixture.storage.get(Self.key, expecting: Self.sample) == Self.sample.bytes)
        }
        Issue.record("reading never succeeded")
    }

    @Test("Short writes, short reads and interrupted calls lose nothing")
    func shortCalls() async throws {
        let (turn, writes) = (CallCounter(), CallCounter())
        var calls = FileSystemCalls()
        calls.intercept = { name, target, perform in
            // Every other call is interrupted, and every transfer is cut to a third.
            if turn.next().isMultiple(of: 2) {
                return .failure(SystemCallFailure(name: name, target: target, code: EINTR))
            }
            let outcome = perform()
            guard name == .write || name == .read else { return outcome }
            if name == .write { _ = writes.next() }
            return outcome.map { $0 > 3 ? $0 / 3 : $0 }
        }
        let fixture = try StorageFixture(calls: calls)
        try await fixture.storage.put(Self.sample, at: Self.key)
        #expect(try await fixture.storage.get(Self.key, expecting: Self.sample) == Self.sample.bytes)
        // The kernel took all each time; a writer that believes the answer comes back for the rest of it.
        #expect(writes.next() > 15)
    }

    @Test("A file system that swallows bytes without an error is noticed before the object has a name")
    func swallowedWrite() async throws {
        var calls = FileSystemCalls()
        calls.intercept = { name, _, perform in name == .write ? .success(1_000) : perform() }
        let fixture = try StorageFixture(calls: calls)
        await #expect(throws: StoreError.self) {
            try await fixture.storage.put(Sample(Data(count: 1_000)), at: Self.key)
        }
        #expect(try await fixture.storage.head(Self.key) == nil)
    }

    @Test(
        "Errors say what to do about a full disk, a read-only one and missing rights",
        arguments: [
            (ENOSPC, "Free space"), (EDQUOT, "quota"), (EROFS, "for writing"), (EACCES, "user"), (EIO, "disk"),
            (ENOENT, "missing"), (ENAMETOOLONG, "shorten"),
        ])
    func hints(code: Int32, word: String) {
        let error = SystemCallFailure(name: .write, target: "x", code: code).storeError(
            "store the object a.png", .objectStorage)
        #expect(error.code == (code == ENAMETOOLONG ? .invalidInput : .objectStorage))
        #expect(error.underlyingCode == code)
        #expect(error.hint.contains(word))
        #expect(error.message.hasPrefix("could not store the object a.png: write of x failed with errno \(code), "))
    }

    private static func expectNothingOrAll(_ fixture: StorageFixture) async throws {
        let storage = try fixture.reopened()
        if try await storage.head(key) != nil {
            #expect(try await storage.get(key, expecting: sample) == sample.bytes)
        }
    }

    /// The same call again succeeds, and other bytes are refused.
    private static func expectConvergence(_ fixture: StorageFixture) async throws {
        let storage = try fixture.reopened()
        try await storage.put(sample, at: key)
        #expect(try await storage.get(key, expecting: sample) == sample.bytes)
        await #expect(throws: StoreError.self) { try await storage.put(Sample("other"), at: key) }
    }
}
