import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("artifacts url and artifacts urls purge")
struct URLCommandTests {
    private static let secret = String(repeating: "c0ffee11", count: 8)
    private static let environment = [
        "ARTIFACTS_URL_BASE": "https://renders.example/objects", "ARTIFACTS_URL_KEYS": "k1:\(secret)",
    ]

    @Test("prints a URL that the service's check accepts, the same again, and says on standard error when it expires")
    func url() async throws {
        let store = try await StoreFolder()
        let artifact = try await store.record("gemini-completed")[0]
        let first = try await store.run(["url", artifact.id, "--valid-for", "1h"], environment: Self.environment)
        #expect(first.status == 0)
        #expect(first.errors.wholeMatch(of: /expires \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.000Z\n/) != nil)
        let again = try await store.run(["url", artifact.id, "--valid-for", "1h"], environment: Self.environment)
        #expect(again.bytes == first.bytes)

        let url = try #require(URL(string: first.output.trimmingCharacters(in: .newlines)))
        let signer = try DirectoryURLSigner(
            base: #require(URL(string: "https://renders.example/objects")), keys: URLSigningKeys("k1:\(Self.secret)"))
        let now = try #require(Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
        let path = url.absoluteString.split(separator: "?")[0].dropFirst("https://renders.example/objects/".count)
        let object = try signer.check(
            path: String(path), query: #require(url.query()), method: .get, bucket: "images", now: now)
        #expect(object.key.text == artifact["storage"]?["objectKey"]?.string)
        #expect(object.contentType == "image/png" && object.disposition == nil)
        let saved = try await store.run(
            ["url", artifact.id, "--download", "a b.png", "--min-remaining", "1m"], environment: Self.environment)
        #expect(saved.output.contains("disposition=attachment"))
    }

    @Test("No other output, no error, no export and no backup has a signature or a secret in it")
    func canary() async throws {
        let store = try await StoreFolder()
        let id = try await store.record("gemini-completed")[0].id
        let printed = try await store.run(["url", id], environment: Self.environment).output
        let signature = try #require(printed.split(separator: "signature=").last).trimmingCharacters(in: .newlines)
        #expect(signature.count == 64)
        var texts: [String] = []
        for command in [
            ["show", id, "--format", "json"], ["list", "--format", "ndjson"], ["events"], ["stats"],
            ["run", "run_1", "--format", "json"], ["urls", "purge"], ["url", "art_none"],
            ["url", id, "--valid-for", "8d"],
            ["backup", store.path(of: "backup.sqlite")], ["export", store.path(of: "export")], ["--help"],
            ["url", "--help"],
        ] {
            let result = try await store.run(command, environment: Self.environment)
            texts.append(result.output + result.errors)
        }
        let files = try await store.shell("cat artifacts.sqlite artifacts.sqlite-wal backup.sqlite export/*")
        texts.append(files.output)
        for text in texts { #expect(!text.contains(signature) && !text.contains("c0ffee11")) }
        #expect(printed.contains(signature), "but for the one that was asked for")
    }

    @Test("What is missing or wrong is named, and nothing of a secret with it")
    func refused() async throws {
        let store = try await StoreFolder()
        let id = try await store.record("gemini-completed")[0].id
        let failed = try await store.record("openai-images-rate-limited")[0].id
        for (arguments, environment, code, reason) in [
            (["url", id], [:], 64, "ARTIFACTS_URL_BASE"),
            (["url", id], ["ARTIFACTS_URL_BASE": "https://a.example"], 64, "ARTIFACTS_URL_KEYS"),
            (["url", id], ["ARTIFACTS_URL_BASE": "https://a.example", "ARTIFACTS_URL_KEYS": "c0ffee11"], 64, "key 1"),
            (["url", id], ["ARTIFACTS_URL_BASE": "ftp://a", "ARTIFACTS_URL_KEYS": "k:\(Self.secret)"], 64, "base"),
            (["url", failed], Self.environment, 3, failed), (["url", "art_none"], Self.environment, 3, "art_none"),
            (["url", id, "--valid-for", "8d"], Self.environment, 64, "7 days"),
            (["url", id, "--valid-for", "15"], Self.environment, 64, "--valid-for"),
            (["url", id, "--download", "a\nb"], Self.environment, 64, "file name"),
            (["url", id, "--objects", "/nonexistent"], Self.environment, 8, "/nonexistent"),
        ] as [([String], [String: String], Int32, String)] {
            let result = try await store.run(arguments, environment: environment)
            #expect(result.status == code, "\(arguments): \(result.errors)")
            #expect(result.errors.contains(reason) && !result.errors.contains("c0ffee11"), "\(result.errors)")
            #expect(result.bytes.isEmpty)
        }
    }

    @Test("purge forgets what has expired, and says how many")
    func purge() async throws {
        let store = try await StoreFolder()
        let id = try await store.record("gemini-completed")[0].id
        try await store.sql(
            """
            INSERT INTO signedUrl (artifactId, method, signedAt, expiresAt, credentialId)
            SELECT '\(id)', 'GET', value, value + 1, 'k0' FROM json_each('[1, 2, 3]')
            """)
        _ = try await store.run(["url", id], environment: Self.environment)
        #expect(try await store.run(["urls", "purge"]).errors == "forgot 3 signed URLs\n")
        #expect(try await store.run(["urls", "purge"]).errors == "forgot 0 signed URLs\n")
    }
}
