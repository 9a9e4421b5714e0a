import ArtifactStore
import ArtifactStoreS3
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("put, against a server that follows a script")
struct PutTests {
    private let bytes = Data("some bytes".utf8)
    private var digest: String { sha256(bytes) }
    private let key = Result { try ObjectKey("a/b.png") }

    private func put(_ transport: ScriptedTransport, time: ManualTime = ManualTime()) async throws {
        try await storage(transport, time: time).put(bytes, at: key.get(), sha256: digest)
    }

    private func head(_ bytes: Data, checksum: Bool = true) -> ScriptedTransport.Answer {
        let base64 = Data(sha256(bytes).hexadecimalBytes).base64EncodedString()
        return answer(
            200, "",
            checksum
                ? ["content-length": "\(bytes.count)", "x-amz-checksum-sha256": base64]
                : ["content-length": "\(bytes.count)"])
    }

    private let taken = refusal(412, "PreconditionFailed")

    @Test("One conditional request with the digest in both places and the type read from the bytes")
    func request() async throws {
        let transport = ScriptedTransport([answer(200)])
        let image = Data(try #require(Data(base64Encoded: Self.onePixelPNG)))
        try await storage(transport).put(image, at: key.get(), sha256: sha256(image))
        let sent = try #require(transport.requests.first)
        let headers = Dictionary(sent.headers.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(sent.method == "PUT" && sent.url == "http://127.0.0.1:8333/renders/a/b.png")
        #expect(headers["if-none-match"] == "*" && headers["content-type"] == "image/png")
        #expect(headers["x-amz-content-sha256"] == sha256(image))
        #expect(headers["x-amz-checksum-sha256"] == Data(sha256(image).hexadecimalBytes).base64EncodedString())
        let authorization = try #require(headers["authorization"])
        for name in ["content-type", "host", "if-none-match", "x-amz-checksum-sha256", "x-amz-content-sha256"] {
            #expect(authorization.contains(name), "not signed: \(name)")
        }
    }

    private static let onePixelPNG =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

    @Test("A taken key is a success with the same bytes, whatever way they are compared", arguments: [true, false])
    func sameBytes(checksum: Bool) async throws {
        var answers = [taken, head(bytes, checksum: checksum)]
        if !checksum { answers.append(answer(206, String(decoding: bytes, as: UTF8.self))) }
        let transport = ScriptedTransport(answers)
        try await put(transport)
        #expect(transport.requests.map(\.method) == (checksum ? ["PUT", "HEAD"] : ["PUT", "HEAD", "GET"]))
    }

    @Test("A taken key is objectExists with other bytes", arguments: [true, false])
    func otherBytes(checksum: Bool) async throws {
        for other in ["some other bytes", "SOME BYTES"] {
            var answers = [taken, head(Data(other.utf8), checksum: checksum)]
            if !checksum { answers.append(answer(206, other)) }
            _ = try await storeError(.objectExists) { try await put(ScriptedTransport(answers)) }
        }
    }

    @Test("An answer that was lost after the bytes were stored is recognised")
    func lostAnswer() async throws {
        let transport = ScriptedTransport([fails(.connection(kind: "reset")), taken, head(bytes)])
        try await put(transport)
        #expect(transport.requests.map(\.method) == ["PUT", "PUT", "HEAD"])
    }

    @Test("A conflict with a writer that gives up is begun again, a few times")
    func conflict() async throws {
        let conflict = refusal(409, "ConditionalRequestConflict")
        try await put(ScriptedTransport([conflict, answer(404), answer(200)]))

        let both: [ScriptedTransport.Answer] = [conflict, answer(404)]
        let always = ScriptedTransport(Array(repeating: both, count: 10).flatMap { $0 })
        let error = try await storeError(.objectStorage) { try await put(always) }
        #expect(error.message.contains("other writers"))
        #expect(always.requests.count == 10)
    }

    @Test("Another refusal is none of a writer's, and told at once")
    func noConflict() async throws {
        let transport = ScriptedTransport([refusal(409, "InvalidBucketState"), answer(404)])
        let error = try await storeError(.objectStorage) { try await put(transport) }
        #expect(error.message.contains("InvalidBucketState") && transport.requests.count == 2)
    }

    @Test(
        "Bytes that were changed on their way are objectDamaged", arguments: ["BadDigest", "XAmzContentSHA256Mismatch"])
    func changed(code: String) async throws {
        _ = try await storeError(.objectDamaged) { try await put(ScriptedTransport([refusal(400, code)])) }
    }

    @Test("A digest that is not the bytes' own is refused before anything is sent")
    func wrongDigest() async throws {
        let transport = ScriptedTransport([])
        _ = try await storeError(.objectDamaged) {
            try await storage(transport).put(bytes, at: key.get(), sha256: sha256(Data()))
        }
        #expect(transport.requests.isEmpty)
    }

    @Test("A missing bucket, a wrong region and a server without conditional writes are told apart")
    func hints() async throws {
        for (refused, word) in [
            (refusal(404, "NoSuchBucket"), "bucket"), (refusal(501, "NotImplemented"), "conditional"),
            (answer(301, "", ["x-amz-bucket-region": "eu-west-3"]), "eu-west-3"),
        ] {
            let error = try await storeError(.objectStorage) { try await put(ScriptedTransport([refused])) }
            #expect(error.hint.contains(word), "\(error)")
        }
    }

    @Test("Expired credentials are renewed once")
    func renewed() async throws {
        let time = ManualTime()
        let source = CountingProvider()
        let cached = CachedS3Credentials(source, now: time.timing.now)
        let expired = refusal(400, "ExpiredToken")
        try await storage(ScriptedTransport([expired, answer(200)]), time: time, credentials: cached)
            .put(bytes, at: key.get(), sha256: digest)
        #expect(source.count == 2)
        _ = try await storeError(.objectStorage) {
            try await storage(ScriptedTransport([expired, expired]), time: time, credentials: cached)
                .put(bytes, at: key.get(), sha256: digest)
        }
    }

    @Test("Without credentials nothing is sent")
    func noCredentials() async throws {
        let transport = ScriptedTransport([])
        let storage = try storage(transport, credentials: ChainedS3Credentials([]))
        let error = try await storeError(.objectStorage) { _ = try await storage.head(key.get()) }
        #expect(error.message.contains("credentials"))
        #expect(transport.requests.isEmpty)
    }
}

extension String {
    /// The bytes that hexadecimal digits stand for.
    var hexadecimalBytes: [UInt8] {
        stride(from: 0, to: utf8.count, by: 2).compactMap { UInt8(dropFirst($0).prefix(2), radix: 16) }
    }
}
