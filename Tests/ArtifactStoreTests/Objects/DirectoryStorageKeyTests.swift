@testable import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("Keys of a directory storage")
struct DirectoryStorageKeyTests {
    static let hostile = [
        "", "/", "..", ".", "../a", "a/../b", "a/./b", "a//b", "/a", "a/", "\\", "a\\b", "..\\a", "%2e%2e/a", "%252f",
        "a%2Fb", "a%5cb", "a%00", "a\0b", "a\nb", "a\u{7F}", "a\u{202E}b", "a\u{200B}b", "a\u{2028}b", "*", "?", "[a]",
        "{a,b}", "con", "NUL.png", "aux", "a:b", "C:a", "~", "~root", "-rf", "$(id)", "`id`", "a;b", "a|b", "a&b", " ",
        "  a ",
        "a ", ".a", "...", "....", "a..b", "a./b", ".incoming", ".incoming/a", "e\u{301}", "\u{E9}", "\u{1F5BC}",
        "\u{301}", "a/\u{301}", "../\u{301}x", "a/\u{301}../b", "..\u{301}/a", ".\u{301}", "%2e\u{301}%2e/a",
        "/\u{301}etc", "../../\u{20D0}../x", "\u{FE0F}", "a\u{FE0F}/b", "\u{FFFD}", "\u{FF0F}", "\u{2215}a", "．．/a",
        String(repeating: "a", count: 255), String(repeating: "a", count: 256), String(repeating: "é", count: 128),
        String(repeating: "a/", count: 511) + "b", String(repeating: "a/", count: 512) + "b",
        String(repeating: "x", count: 1_025), String(repeating: "../", count: 40) + "etc/passwd",
    ]

    @Test("A hostile key is refused or used byte for byte, and nothing leaves the bucket", arguments: hostile)
    func table(text: String) async throws {
        let fixture = try StorageFixture()
        let sample = Sample("bytes of \(text)")
        do {
            try await fixture.storage.put(sample, at: text)
            #expect(try await fixture.storage.get(text, expecting: sample) == sample.bytes)
            // The kernel is asked: Foundation's own path functions compare by Character.
            #expect(access(fixture.path(text), F_OK) == 0)
        } catch let error as StoreError {
            #expect(error.code == .invalidInput)
        }
        // Nothing beside the root, and nothing in it but the two folders.
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path) == ["objects"])
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: fixture.root)).isSubset(of: [
                "renders", ".incoming",
            ]))
    }

    @Test(
        "A key that got around its own checks is checked again, for reading too",
        arguments: [
            "../outside", "a/../../outside", "../\u{301}/../outside", "/etc/passwd", "a\0b", "..", "a//b", "a\\b",
            "%2e%2e/a",
        ])
    func unchecked(text: String) async throws {
        let fixture = try StorageFixture()
        try Data("secret".utf8).write(to: URL(fileURLWithPath: "\(fixture.root)/outside"))
        let key = ObjectKey(trusted: text)
        await DirectoryStorageAttackTests.expect(.invalidInput, "objectKey") {
            _ = try await fixture.storage.get(key, expecting: ImageFacts())
        }
        await DirectoryStorageAttackTests.expect(.invalidInput, "objectKey") { _ = try await fixture.storage.head(key) }
        await DirectoryStorageAttackTests.expect(.invalidInput, "objectKey") {
            try await fixture.storage.put(Data("x".utf8), at: key, sha256: Sample("x").sha256)
        }
    }

    @Test("A segment of 256 bytes is refused with a hint")
    func longSegment() async throws {
        let fixture = try StorageFixture()
        let error = await DirectoryStorageAttackTests.expect(.invalidInput, "256 bytes") {
            try await fixture.storage.put(Sample("x"), at: "runs/" + String(repeating: "a", count: 256))
        }
        #expect(error?.hint.contains("255") == true)
    }

    @Test("A key that is an object is no folder, and a folder is no object")
    func fileAndFolder() async throws {
        let fixture = try StorageFixture()
        try await fixture.storage.put(Sample("bytes"), at: "a")
        let error = await DirectoryStorageAttackTests.expect(.objectStorage, "a/b") {
            try await fixture.storage.put(Sample("bytes"), at: "a/b")
        }
        #expect(error?.hint.contains("cannot be both") == true)
        #expect(try await fixture.storage.head("a/b") == nil)
        await DirectoryStorageAttackTests.expect(.notFound, "a/b") { _ = try await fixture.storage.get("a/b") }

        try await fixture.storage.put(Sample("bytes"), at: "c/d")
        await DirectoryStorageAttackTests.expect(.objectStorage, "is the folder of other objects") {
            try await fixture.storage.put(Sample("bytes"), at: "c")
        }
        #expect(try await fixture.storage.head("c") == nil)
        #expect(fixture.leftovers().isEmpty)
    }
}
