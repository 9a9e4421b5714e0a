@testable import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("Directory storage under attack")
struct DirectoryStorageAttackTests {
    /// Where something in the path of `runs/r1/a.png` is replaced by a symbolic link.
    static let levels = ["renders", "renders/runs", "renders/runs/r1", "renders/runs/r1/a.png"]

    @Test("A symbolic link is followed at no level, neither for reading nor for writing", arguments: levels)
    func links(level: String) async throws {
        let fixture = try StorageFixture()
        let sample = Sample("bytes")
        try await fixture.storage.put(sample, at: "runs/r1/a.png")
        // What lies outside is what would be there, so that following the link would succeed.
        let outside = fixture.folder.path(of: "outside")
        try FileManager.default.moveItem(atPath: "\(fixture.root)/\(level)", toPath: outside)
        #expect(symlink(outside, "\(fixture.root)/\(level)") == 0)
        let before = try FileManager.default.subpathsOfDirectory(atPath: fixture.folder.path).sorted()
        for key in ["runs/r1/a.png", "runs/r1/b.png"] where key.hasSuffix("a.png") || !level.hasSuffix("a.png") {
            await Self.expect(.objectStorage, "symbolic link") { _ = try await fixture.storage.get(key) }
            await Self.expect(.objectStorage, "symbolic link") { _ = try await fixture.storage.head(key) }
            await Self.expect(.objectStorage, "symbolic link") { try await fixture.storage.put(sample, at: key) }
        }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: fixture.folder.path).sorted() == before)
    }

    @Test("A link that leads nowhere, a link to a device and a link in place of .incoming are refused")
    func otherLinks() async throws {
        let fixture = try StorageFixture()
        try await fixture.storage.put(Sample("bytes"), at: "a.png")
        for (name, target) in [("dangling", "/no/such/file"), ("device", "/dev/zero"), ("loop", "loop")] {
            #expect(symlink(target, fixture.path(name)) == 0)
            await Self.expect(.objectStorage, "symbolic link") { _ = try await fixture.storage.get(name) }
            await Self.expect(.objectStorage, "symbolic link") {
                try await fixture.storage.put(Sample("bytes"), at: name)
            }
        }
        try FileManager.default.removeItem(atPath: fixture.incoming)
        #expect(symlink(fixture.folder.path, fixture.incoming) == 0)
        await Self.expect(.objectStorage, "symbolic link") {
            try await fixture.storage.put(Sample("bytes"), at: "b.png")
        }
        await Self.expect(.objectStorage, "symbolic link") {
            _ = try await fixture.storage.removeLeftovers(before: .latest)
        }
    }

    @Test("A named pipe or a socket under a key blocks nobody", .timeLimit(.minutes(1)))
    func pipes() async throws {
        let fixture = try StorageFixture()
        try await fixture.storage.put(Sample("bytes"), at: "a.png")
        #expect(mkfifo(fixture.path("pipe"), 0o600) == 0)
        await Self.expect(.objectStorage, "no regular file") { _ = try await fixture.storage.get("pipe") }
        await Self.expect(.objectStorage, "no regular file") { _ = try await fixture.storage.head("pipe") }
        await Self.expect(.objectStorage, "no regular file") {
            try await fixture.storage.put(Sample("bytes"), at: "pipe")
        }
    }

    @Test("A tampered file is damage, and says what was found and what was expected")
    func tampered() async throws {
        let fixture = try StorageFixture()
        let (sample, other) = (Sample("bytes"), Sample("bytez"))
        try await fixture.storage.put(sample, at: "a.png")
        try other.bytes.write(to: URL(fileURLWithPath: fixture.path("a.png")))
        let error = await Self.expect(.objectDamaged, sample.sha256) {
            _ = try await fixture.storage.get("a.png", expecting: sample)
        }
        #expect(error?.message.contains(other.sha256) == true)
        for text in ["byte", "bytes and more", ""] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: fixture.path("a.png")))
            await Self.expect(.objectDamaged, "has \(text.utf8.count) bytes, expected 5") {
                _ = try await fixture.storage.get("a.png", expecting: sample)
            }
        }
    }

    @Test("A file too large to be an image is refused before memory is taken for it")
    func huge() async throws {
        let fixture = try StorageFixture()
        try await fixture.storage.put(Sample("bytes"), at: "a.png")
        #expect(truncate(fixture.path("a.png"), 1 << 40) == 0)
        await Self.expect(.objectStorage, "1099511627776 bytes") { _ = try await fixture.storage.get("a.png") }
        await Self.expect(.objectExists, "1099511627776 other bytes") {
            try await fixture.storage.put(Sample("bytes"), at: "a.png")
        }
    }

    @Test("The root is the folder that was opened, whatever its name stands for later")
    func swappedRoot() async throws {
        let fixture = try StorageFixture()
        try await fixture.storage.put(Sample("bytes"), at: "a.png")
        try FileManager.default.moveItem(atPath: fixture.root, toPath: fixture.folder.path(of: "moved"))
        #expect(symlink("/", fixture.root) == 0)
        #expect(try await fixture.storage.get("a.png") == Data("bytes".utf8))
    }

    @discardableResult
    static func expect(
        _ code: StoreError.Code, _ words: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ work: () async throws -> Void
    ) async -> StoreError? {
        let error = await #expect(throws: StoreError.self, sourceLocation: sourceLocation) { try await work() }
        #expect(error?.code == code, sourceLocation: sourceLocation)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")", sourceLocation: sourceLocation)
        return error
    }
}
