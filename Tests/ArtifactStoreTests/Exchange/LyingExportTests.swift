import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

/// Exports whose manifest agrees with every file, and that tell what no store can hold.
@Suite("Importing an export that lies")
struct LyingExportTests {
    struct Lie: Sendable, CustomTestStringConvertible {
        let file: String
        let old: String
        let new: String

        var testDescription: String { "\(old.prefix(60)) -> \(new.prefix(60))" }
    }

    private static func artifact(_ old: String, _ new: String) -> Lie {
        Lie(file: "artifacts.ndjson", old: old, new: new)
    }

    private static func event(_ old: String, _ new: String) -> Lie {
        Lie(file: "events.ndjson", old: old, new: new)
    }

    static let lies: [Lie] = [
        artifact("\"status\":\"completed\",\"storage\":{", "\"status\":\"completed\",\"storage\":null,\"was\":{"),
        artifact("\"status\":\"completed\"", "\"status\":\"failed\""),
        artifact("\"status\":\"completed\"", "\"status\":\"pending\""),
        artifact("\"status\":\"pending\"", "\"status\":\"completed\""),
        artifact("\"status\":\"pending\"", "\"status\":\"lost\""),
        artifact("\"generated_image\"", "\"generated_video\""),
        artifact("\"skill_run\"", "\"other_run\""),
        artifact("\"fencingToken\":1", "\"fencingToken\":-1"),
        artifact("\"fencingToken\":1", "\"fencingToken\":0"),
        artifact("\"fencingToken\":1", "\"fencingToken\":1.0"),
        artifact("\"fencingToken\":1", "\"fencingToken\":2"),
        artifact("\"fencingToken\":3", "\"fencingToken\":2"),
        artifact("\"fencingToken\":3", "\"fencingToken\":9007199254740993"),
        artifact("a lighthouse at dusk", "https://s3/x?X-Amz-Signature=0123"),
        artifact("a lighthouse at dusk", "x?sv=1&se=2&sig=abc"),
        artifact("a lighthouse at dusk", "a\\u0000b"),
        artifact("a lighthouse at dusk", ""),
        artifact("a lighthouse at dusk", "\\u0061 lighthouse at dusk"),
        artifact("a lighthouse at dusk", String(repeating: "x", count: 131_073)),
        artifact("a lighthouse at dusk", "\\ud800"),
        artifact("\"model\":\"image-model\"", "\"model\":null"),
        artifact("\"model\":\"image-model\"", "\"model\":7"),
        artifact("\"model\":\"image-model\",", ""),
        artifact("\"requestedModel\":\"image-model\"", "\"requestedModel\":\"another-model\""),
        artifact("{\"artifactId\"", "{\"colour\":1,\"artifactId\""),
        artifact("{\"artifactId\"", "{ \"artifactId\""),
        artifact("\"failure\":null,", ""),
        artifact("\"sha256\":\"bbbb", "\"sha256\":\"BBBB"),
        artifact("\"byteCount\":70", "\"byteCount\":0"),
        artifact("\"width\":1", "\"width\":65536"),
        artifact("\"objectKey\":\"host/", "\"objectKey\":\"../"),
        artifact("\"totalTokens\":4210", "\"totalTokens\":-1"),
        artifact("\"currency\":\"USD\"", "\"currency\":\"usd\""),
        artifact("\"micros\":167250,", ""),
        artifact("\"retryAfter\":12", "\"retryAfter\":-12"),
        artifact("\"retryable\":true", "\"retryable\":1"),
        artifact("\"action\":\"retry_later\"", "\"action\":\"retry_never\""),
        artifact("\"type\":\"provider_unavailable\"", "\"type\":\"generation_failed\""),
        artifact("\"textSha256\":\"aaaa", "\"textSha256\":\"zzzz"),
        artifact("\"requestFingerprint\":\"", "\"requestFingerprint\":\"0"),
        artifact("\"createdAt\":\"20", "\"createdAt\":\"21"),
        artifact(".000Z\",\"completedAt\":\"20", ".000Z\",\"completedAt\":\"19"),
        artifact("\"claimedAt\":\"20", "\"claimedAt\":\"21"),
        artifact("\"parentRunId\":\"run_1\"", "\"parentRunId\":\"run_2\""),
        artifact("\"idempotencyKey\":\"pending\"", "\"idempotencyKey\":\"first\""),
        event("\"kind\":\"created\"", "\"kind\":\"completed\""),
        event("\"kind\":\"taken_over\"", "\"kind\":\"created\""),
        event("\"kind\":\"completed\"", "\"kind\":\"failed\""),
        event("\"kind\":\"completed\"", "\"kind\":\"removed\""),
        event("\"artifactId\":\"", "\"artifactId\":\"art_unknown"),
        event("\"parentRunId\":\"run_1\"", "\"parentRunId\":\"run_2\""),
        event("\"occurredAt\":\"20", "\"occurredAt\":\"21"),
        event("\"fencingToken\":1", "\"fencingToken\":-1"),
        event("\"fencingToken\":2", "\"fencingToken\":3"),
        event("\"fencingToken\":3", "\"fencingToken\":4"),
        event("\"claimOwner\":\"third owner\"", "\"claimOwner\":\"fourth owner\""),
        event("\"claimOwner\":\"second owner\"", "\"claimOwner\":\"\""),
        event("\"claimOwner\":\"second owner\"", "\"claimOwner\":\"x?X-Goog-Signature=1\""),
        event("\"failureType\":\"provider_unavailable\"", "\"failureType\":\"generation_failed\""),
        event(",\"failureType\":\"provider_unavailable\"", ""),
        event("{\"kind\"", "{\"sequence\":1,\"kind\""),
    ]

    @Test("What no store can hold is refused by file and line, and nothing is written", arguments: lies)
    func lie(_ lie: Lie) async throws {
        let export = try await ExchangeFixture.smallExport()
        let target = try await TemporaryStore.open()
        let before = try target.everything()
        var lines = try export.lines(lie.file)
        let index = try #require(lines.firstIndex { $0.contains(lie.old) })
        lines[index] = lines[index].replacing(lie.old, with: lie.new, maxReplacements: 1)
        try export.write(lines: lines, to: lie.file)
        try export.rewriteManifest()
        let error = await storeError { _ = try await target.store.importArtifacts(from: export.path) }
        // Two keys of one run are for the store to find.
        #expect(error?.code == (lie.new.contains("\"first\"") ? .conflict : .invalidInput), "\(error as Any)")
        #expect(error?.message.contains(", line ") == true || error?.code == .conflict, "\(error as Any)")
        #expect(try target.everything() == before)
    }

    @Test("Bytes that are no UTF-8, and a second artifact of the same name, are refused")
    func others() async throws {
        let original = try await ExchangeFixture.smallExport()
        let target = try await TemporaryStore.open()
        let before = try target.everything()
        let invalid = try original.copy()
        var bytes = try invalid.bytes("artifacts.ndjson")
        bytes[40] = 0xFF
        try invalid.write(bytes, to: "artifacts.ndjson")
        try invalid.rewriteManifest()
        let doubled = try original.copy()
        for name in ["artifacts.ndjson", "events.ndjson"] {
            try doubled.write(try original.bytes(name) + original.bytes(name), to: name)
        }
        try doubled.rewriteManifest()
        for (export, word) in [(invalid, "UTF-8"), (doubled, "second artifact")] {
            let error = await storeError { _ = try await target.store.importArtifacts(from: export.path) }
            #expect(error?.code == .invalidInput && error?.message.contains(word) == true, "\(error as Any)")
            #expect(try target.everything() == before)
        }
        // The same beside a store that has them already.
        _ = try await target.store.importArtifacts(from: original.path)
        let error = await storeError { _ = try await target.store.importArtifacts(from: doubled.path) }
        #expect(error?.message.contains("second artifact") == true)
    }
}
