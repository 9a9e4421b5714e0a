import ArtifactStore
import ArtifactStoreS3
import Foundation
import Testing

@Suite("Answers that no S3 server should give")
struct OddAnswerTests {
    private let key = Result { try ObjectKey("a/b.png") }

    private static let list = """
        <ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
        <NextContinuationToken>n/1</NextContinuationToken><Contents><Key>a+b%2B%C3%A9%09//c</Key><Size>7</Size>
        <LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents></ListBucketResult>
        """

    @Test("A list is read with its odd keys decoded once")
    func list() async throws {
        let transport = ScriptedTransport([answer(200, Self.list)])
        let page = try await storage(transport).list(prefix: "a b", after: "t+1", limit: 5)
        #expect(page.objects.map(\.key) == ["a b+\u{E9}\t//c"] && page.objects.map(\.byteCount) == [7])
        #expect(page.next == "n/1")
        #expect(
            transport.requests[0].url
                == "http://127.0.0.1:8333/renders?continuation-token=t%2B1&encoding-type=url&list-type=2&max-keys=5"
                + "&prefix=a%20b")
    }

    @Test(
        "A list that lacks what it must have is refused, not cut short",
        arguments: [
            ("<Key>a+b%2B%C3%A9%09//c</Key>", ""), ("%C3%A9", "%C3"), ("%2B", "%2"), ("%2B", "%zz"),
            ("<Size>7</Size>", ""), ("2026-01-01T00:00:00.000Z", "yesterday"), ("<IsTruncated>true</IsTruncated>", ""),
            ("<IsTruncated>true</IsTruncated>", "<IsTruncated>perhaps</IsTruncated>"),
            ("<NextContinuationToken>n/1</NextContinuationToken>", ""), ("ListBucketResult", "Other"),
            ("</Contents>", ""),
        ])
    func badList(old: String, new: String) async throws {
        let transport = ScriptedTransport([answer(200, Self.list.replacing(old, with: new))])
        _ = try await storeError(.objectStorage) { _ = try await storage(transport).list(after: nil, limit: 10) }
    }

    @Test("Pages of 1 to 10,000 objects are asked for, and no others", arguments: [0, 10_001, -1])
    func limits(limit: Int) async throws {
        _ = try await storeError(.invalidInput) {
            _ = try await storage(ScriptedTransport([])).list(after: nil, limit: limit)
        }
    }

    @Test("An object longer than expected is damaged, shorter too, and neither fills the memory")
    func lengths() async throws {
        for (expected, body) in [(3, "four"), (5, "four"), (1, String(repeating: "x", count: 100_000))] {
            let transport = ScriptedTransport([answer(200, body)])
            _ = try await storeError(.objectDamaged) {
                _ = try await storage(transport).get(key.get(), expecting: ImageFacts(byteCount: Int64(expected)))
            }
            #expect(transport.bodyLimits == [65_536], "a refusal may be longer than the object")
        }
        _ = try await storeError(.objectDamaged) {
            _ = try await storage(ScriptedTransport([answer(200, "four")]))
                .get(key.get(), expecting: ImageFacts(sha256: sha256(Data("five".utf8))))
        }
    }

    @Test("An answer that is longer than any of S3's is an error that names the service")
    func endless() async throws {
        let endless = ScriptedTransport([], otherwise: fails(.bodyTooLong(byteCount: nil)))
        for call in [
            { _ = try await $0.list(after: nil, limit: 10) }, { _ = try await $0.head(key.get()) },
            { try await $0.delete(key.get()) },
        ] as [(S3ObjectStorage) async throws -> Void] {
            let error = try await storeError(.objectStorage) { try await call(storage(endless)) }
            #expect(error.hint.contains("http://127.0.0.1:8333"))
        }
    }

    @Test("A missing bucket is not a missing object")
    func missing() async throws {
        for (refused, code) in [
            (refusal(404, "NoSuchBucket"), StoreError.Code.objectStorage), (refusal(404, "NoSuchKey"), .notFound),
            (answer(404), .notFound),
        ] {
            _ = try await storeError(code) {
                _ = try await storage(ScriptedTransport([refused])).get(key.get(), expecting: ImageFacts())
            }
        }
    }

    @Test("A deletion of what is not there succeeds, and no refusal passes for one")
    func deletion() async throws {
        for done in [answer(204), answer(200), answer(404), refusal(404, "NoSuchKey")] {
            try await storage(ScriptedTransport([done])).delete(key.get())
        }
        for refused in [refusal(404, "NoSuchBucket"), refusal(403, "AccessDenied"), answer(301)] {
            _ = try await storeError(.objectStorage) {
                try await storage(ScriptedTransport([refused])).delete(key.get())
            }
        }
    }

    @Test("A HEAD without a usable length is an error", arguments: ["", "-1", "many"])
    func headLength(length: String) async throws {
        let transport = ScriptedTransport([answer(200, "", ["content-length": length])])
        _ = try await storeError(.objectStorage) { _ = try await storage(transport).head(key.get()) }
    }

    @Test("A range that is ignored or answered with too much is an error; one outside the object is invalidInput")
    func ranges() async throws {
        for bad in [answer(200, "whole"), answer(206, "too much")] {
            _ = try await storeError(.objectStorage) {
                _ = try await storage(ScriptedTransport([bad])).get(key.get(), range: 0..<3)
            }
        }
        _ = try await storeError(.invalidInput) {
            _ = try await storage(ScriptedTransport([answer(416)])).get(key.get(), range: 9..<10)
        }
        for range in [0..<0, -1..<1, 0..<2_000_000_000] as [Range<Int64>] {
            _ = try await storeError(.invalidInput) {
                _ = try await storage(ScriptedTransport([])).get(key.get(), range: range)
            }
        }
    }

    @Test("A batch of deletions says which keys stayed, and why")
    func batch() async throws {
        let keys = try ["a", "b&c", "d"].map { try ObjectKey($0) }
        let transport = ScriptedTransport([
            answer(
                200,
                "<DeleteResult><Error><Key>b&amp;c</Key><Code>AccessDenied</Code></Error>"
                    + "<Error><Key>d</Key><Code>NoSuchKey</Code></Error></DeleteResult>")
        ])
        let failures = try await storage(transport).delete(keys)
        #expect(Set(failures.keys) == [keys[1]])
        #expect(failures[keys[1]]?.message.contains("AccessDenied") == true)
        let sent = transport.requests[0]
        let checksum = Data(sha256(sent.body).hexadecimalBytes).base64EncodedString()
        #expect(sent.headers.contains(.init("x-amz-checksum-sha256", checksum)), "S3 demands one")
        let body = String(decoding: sent.body, as: UTF8.self)
        #expect(body.contains("<Key>b&amp;c</Key>") && body.contains("<Quiet>true</Quiet>"))
        let stranger = answer(200, "<DeleteResult><Error><Key>x</Key><Code>No</Code></Error></DeleteResult>")
        _ = try await storeError(.objectStorage) { _ = try await storage(ScriptedTransport([stranger])).delete(keys) }
    }

    @Test("More than 1,000 deletions are more than one request, and none is none")
    func manyDeletions() async throws {
        let keys = try (0..<2_001).map { try ObjectKey("k\($0)") }
        let transport = ScriptedTransport([], otherwise: answer(200, "<DeleteResult/>"))
        #expect(try await storage(transport).delete(keys).isEmpty)
        #expect(transport.requests.count == 3)
        #expect(try await storage(ScriptedTransport([])).delete([ObjectKey]()).isEmpty)
    }
}
