import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

/// The first half of the threat table: every value comes back byte for byte, or is refused with a typed error.
@Suite("Hostile input")
struct HostileInputTests {
    private static let texts: [String] = [
        "", " ", "a\0b", "\0", "'; DROP TABLE artifact; --", "\"", "%", "_", "*?[{", "\u{202E}gpj.exe", "\u{1B}[31m",
        "caf\u{E9}", "cafe\u{301}", "\u{FEFF}x", "👩‍👩‍👧‍👦", "𝕏", "\u{FFFF}", "\u{FFFD}", "\r\n\t", "null", "{}",
        "https://b.s3.amazonaws.com/k?X-Amz-Signature=abc", "x-AMZ-signature=", "X-Goog-Signature=1",
        "https://a.blob.core.windows.net/c/b?se=2026-01-01&sig=abc", "sig=1", "se=1", "design=1",
        String(repeating: "x", count: 256), String(repeating: "x", count: 257), String(repeating: "é", count: 129),
        String(repeating: "x", count: 131_072), String(repeating: "x", count: 131_073),
    ]

    /// One place a caller can put text, and how to read it back.
    private struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let limit: Int
        var mayReject: @Sendable (String) -> Bool = { _ in false }
        let write: @Sendable (TemporaryStore, String) async throws -> String?
    }

    private static let places: [Place] = {
        func request(
            _ name: String, _ limit: Int, _ path: any WritableKeyPath<GeneratedImageRequest, String> & Sendable
        ) -> Place {
            Place(testDescription: name, limit: limit) { temporary, text in
                var request = Fixture.request
                request[keyPath: path] = text
                let claim = try await temporary.claim(run: "run_1", request)
                return try await temporary.store.artifact(claim.artifactId).request[keyPath: path]
            }
        }
        func part(_ name: String, _ limit: Int, _ make: @escaping @Sendable (String) -> PromptPart) -> Place {
            Place(testDescription: "part.\(name)", limit: limit) { temporary, text in
                let context = ArtifactContext(promptComposition: [make(text)])
                let claim = try await temporary.store.begin(Fixture.request, for: "run_1", context: context).claim
                let stored = try await temporary.store.artifact(claim.artifactId).context
                #expect(stored == context)
                return text
            }
        }
        return [
            request("prompt", TextLimit.prompt, \.prompt),
            request("model", TextLimit.name, \.model),
            Place(testDescription: "size", limit: TextLimit.name) { temporary, text in
                var request = Fixture.request
                (request.size, request.quality, request.background, request.outputFormat) = (text, text, text, text)
                let claim = try await temporary.claim(run: "run_1", request)
                return try await temporary.store.artifact(claim.artifactId).request.size
            },
            Place(testDescription: "extra parameter", limit: TextLimit.json - 8) { temporary, text in
                var request = Fixture.request
                request.extraParameters = .object([.init("a", .string(text))])
                let claim = try await temporary.claim(run: "run_1", request)
                let stored = try await temporary.store.artifact(claim.artifactId).request.extraParameters
                return stored?["a"]?.string
            },
            Place(testDescription: "run", limit: TextLimit.name) { temporary, text in
                let claim = try await temporary.claim(run: text)
                let detail = try await temporary.store.runDetail(text)
                #expect(detail.artifacts.map(\.artifactId) == [claim.artifactId])
                return detail.artifacts[0].parentRunId
            },
            Place(testDescription: "idempotency key", limit: TextLimit.idempotencyKey) { temporary, text in
                let claim = try await temporary.claim(key: text)
                return try await temporary.store.artifact(claim.artifactId).idempotencyKey
            },
            Place(testDescription: "artifact id", limit: TextLimit.artifactId) { temporary, text in
                let claim = try await temporary.store.begin(
                    Fixture.request, for: "run_1", artifactId: ArtifactID(text)
                ).claim
                return try await temporary.store.artifact(claim.artifactId).artifactId.text
            },
            part("role", TextLimit.name) { PromptPart(role: $0, text: "x") },
            part("source", TextLimit.name) { PromptPart(role: "r", source: $0, version: $0, text: "x") },
            part("text", TextLimit.prompt) { PromptPart(role: "r", text: $0) },
            Place(testDescription: "version", limit: TextLimit.name) { temporary, text in
                let versions = VersionContext(skillVersion: text, promptVersion: text, templateVersion: text)
                let claim = try await temporary.store.begin(
                    Fixture.request, for: "run_1", context: ArtifactContext(versionContext: versions)
                ).claim
                return try await temporary.store.artifact(claim.artifactId).context.versionContext.skillVersion
            },
            Place(testDescription: "provider", limit: TextLimit.name) { temporary, text in
                let claim = try await temporary.claim()
                let execution = ModelExecution(provider: text, underlyingImageModel: text, providerRequestId: text)
                try await temporary.store.fail(claim, Fixture.failure, execution: execution)
                #expect(try await temporary.store.artifact(claim.artifactId).modelExecution == execution)
                return text
            },
            Place(testDescription: "failure", limit: TextLimit.message) { temporary, text in
                let claim = try await temporary.claim()
                let failure = ArtifactFailure(.generationFailed, text, recoveryGuidance: text)
                try await temporary.store.fail(claim, failure)
                return try await temporary.store.artifact(claim.artifactId).failure?.message
            },
            Place(testDescription: "bucket", limit: TextLimit.name) { temporary, text in
                let claim = try await temporary.claim()
                let reference = StorageReference(kind: text, bucket: text, objectKey: try ObjectKey("k"))
                try await temporary.store.complete(claim, at: reference, execution: Fixture.execution)
                return try await temporary.store.artifact(at: reference).storage?.reference.bucket
            },
        ]
    }()

    @Test("Text goes in and comes out byte for byte, or is refused", arguments: places)
    private func text(place: Place) async throws {
        var accepted = 0
        for text in Self.texts {
            let temporary = try await TemporaryStore.open()
            do {
                let stored = try await place.write(temporary, text)
                #expect(
                    stored.map { Array($0.utf8) } == Array(text.utf8), "changed: \(text.prefix(40).debugDescription)")
                accepted += 1
            } catch let error as StoreError {
                #expect(error.code == .invalidInput, "\(error)")
                let isAllowed = (try? TextRule.check(text, "text", atMost: place.limit)) != nil
                #expect(!isAllowed, "refused: \(text.prefix(40).debugDescription) \(error)")
                #expect(!error.message.contains(text.prefix(60)) || text.count < 4, "the message repeats the text")
                #expect(try await temporary.store.statistics().counts.completed == 0)
            }
        }
        #expect(accepted > 10)
    }

    @Test("Numbers outside their range are refused, at both ends")
    func numbers() async throws {
        let temporary = try await TemporaryStore.open()
        let fields: [any WritableKeyPath<Usage, Int64?> & Sendable] = [
            \.inputTokens, \.inputTextTokens, \.inputImageTokens, \.cachedInputTokens, \.cachedInputTextTokens,
            \.cachedInputImageTokens, \.cacheWriteInputTokens, \.outputTokens, \.outputTextTokens,
            \.outputImageTokens, \.totalTokens, \.imageCount, \.durationMs,
        ]
        for field in fields {
            for (value, isValid) in [
                (Int64.min, false), (-1, false), (0, true), (1_000_000_000_000, true), (1_000_000_000_001, false),
                (Int64.max, false),
            ] {
                var usage = Usage()
                usage[keyPath: field] = value
                let claim = try await temporary.claim()
                let error = await storeError { try await temporary.store.fail(claim, Fixture.failure, usage: usage) }
                #expect((error == nil) == isValid)
                if isValid { #expect(try await temporary.store.artifact(claim.artifactId).usage == usage) }
            }
        }
        for cost in [
            Cost(micros: -1, currency: "USD"), Cost(micros: 1, currency: "usd"), Cost(micros: 1, currency: "US"),
            Cost(micros: 1, currency: ""), Cost(micros: .max, currency: "USD"),
        ] {
            var usage = Usage()
            usage.cost = cost
            let claim = try await temporary.claim()
            #expect(
                await storeError { try await temporary.store.fail(claim, Fixture.failure, usage: usage) }?.code
                    == .invalidInput)
        }
        for facts in [
            ImageFacts(byteCount: 0), ImageFacts(width: 0), ImageFacts(height: 65_536), ImageFacts(sha256: "AB"),
            ImageFacts(sha256: String(repeating: "A", count: 64)),
        ] {
            let claim = try await temporary.claim()
            let error = await storeError {
                try await temporary.store.complete(
                    claim, at: Fixture.reference("k"), facts: facts, execution: Fixture.execution)
            }
            #expect(error?.code == .invalidInput)
        }
    }

    @Test(
        "Seeds and numbers in extra parameters keep every digit",
        arguments: [
            "0", "-0", "1e400", "0.1", "1.0", "123456789012345678901234567890", "1E5", "-9223372036854775808",
        ])
    func digits(literal: String) async throws {
        let temporary = try await TemporaryStore.open()
        var request = Fixture.request
        request.extraParameters = .object([.init("n", .number(literal))])
        request.seed = .min
        let claim = try await temporary.claim(run: "run_1", request)
        #expect(try await temporary.store.artifact(claim.artifactId).request == request)
    }

    @Test("Extra parameters that are no object, too deep, too large, or no JSON at all are refused")
    func badJSON() async throws {
        let temporary = try await TemporaryStore.open()
        let deep = (0..<70).reduce(JSONValue.null) { inner, _ in .array([inner]) }
        for value: JSONValue in [
            .array([]), .string("x"), .null, ["a": deep], ["a": .string(String(repeating: "x", count: 262_144))],
            .object([.init("a", 1), .init("a", 2)]), ["n": .number("12x")], ["n": .number("")],
            ["n": .number("1,\"b\":2")],
        ] {
            var request = Fixture.request
            request.extraParameters = value
            #expect(await storeError { _ = try await temporary.claim(run: "run_1", request) }?.code == .invalidInput)
        }
        #expect(try await temporary.store.statistics().counts.total == 0)
    }

    @Test("Bytes that are not UTF-8 in the file are an error that names the column, never U+FFFD")
    func invalidUTF8() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        try await temporary.shell().write { db in
            try db.execute(sql: "DROP TRIGGER artifactRequestIsFixed")
            try db.execute(sql: "UPDATE artifact SET prompt = CAST(x'61ff62' AS TEXT)")
        }
        let error = await storeError { _ = try await temporary.store.artifact(claim.artifactId) }
        #expect(error?.code == .database)
        #expect(error?.message.contains("prompt") == true)
    }

    @Test("Object keys that could lead elsewhere are refused; all others come back byte for byte")
    func objectKeys() async throws {
        let refused = [
            "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a\\b", "%2e%2e/a", "a%2Fb", "%252f",
            "a\0", "a\nb", "\u{202E}a", "a\u{7F}", "k?X-Amz-Signature=1", "../\u{301}x", "/\u{301}etc",
            "a/..\u{301}/../b",
            "%2e\u{301}", String(repeating: "k", count: 1025),
        ]
        for text in refused {
            #expect(await storeError { _ = try ObjectKey(text) }?.code == .invalidInput, "\(text.debugDescription)")
        }
        let temporary = try await TemporaryStore.open()
        for text in [
            "a", "a/b.png", "*?[{", "CON", "nul.txt", "caf\u{E9}", "cafe\u{301}", "a b", "...", "%41", "-rf", "~",
        ] {
            let claim = try await temporary.claim()
            try await temporary.store.complete(claim, at: Fixture.reference(text), execution: Fixture.execution)
            let stored = try await temporary.store.artifact(at: Fixture.reference(text))
            #expect(stored.artifactId == claim.artifactId)
            #expect(stored.storage.map { Array($0.reference.objectKey.text.utf8) } == Array(text.utf8))
        }
    }

    @Test("Out-of-range claim durations and moments are refused or held inside the range")
    func time() async throws {
        let temporary = try await TemporaryStore.open()
        for duration: Duration in [.zero, .seconds(-1), .seconds(2_592_001), .nanoseconds(1)] {
            let error = await storeError {
                _ = try await temporary.store.begin(Fixture.request, for: "run_1", claimDuration: duration)
            }
            #expect(error?.code == .invalidInput)
        }
        temporary.clock.now = .latest
        let claim = try await temporary.claim()
        #expect(claim.expiresAt == .latest)
    }
}
