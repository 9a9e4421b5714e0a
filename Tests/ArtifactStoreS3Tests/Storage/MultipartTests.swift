import ArtifactStore
import ArtifactStoreS3
import Foundation
import Testing

@Suite("Objects in parts, against a server that follows a script")
struct MultipartTests {
    private static let partByteCount = 5_242_880
    private static let twoParts = Data((0..<(partByteCount + 1_000)).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    private let bytes = Self.twoParts
    private let key = Result { try ObjectKey("a/b.png") }

    /// What a server does with each kind of request; the tests replace some of it.
    private struct Script: Sendable {
        var head = answer(404)
        var begin = answer(
            200, "<InitiateMultipartUploadResult><UploadId>u&amp;1</UploadId></InitiateMultipartUploadResult>")
        var part = answer(200, "", ["etag": "\"e\""])
        var complete = answer(200, "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>")

        func transport() -> ScriptedTransport {
            let script = self
            return ScriptedTransport([]) { request in
                switch request.method {
                case "HEAD": try script.head(request)
                case "PUT": try script.part(request)
                case "DELETE": S3HTTPResponse(status: 204)
                default: try request.url.hasSuffix("?uploads=") ? script.begin(request) : script.complete(request)
                }
            }
        }
    }

    private func put(_ transport: ScriptedTransport) async throws {
        let storage = try storage(transport) { configuration in
            configuration.multipartThreshold = 1_000_000
            configuration.partByteCount = Self.partByteCount
        }
        try await storage.put(bytes, at: key.get(), sha256: sha256(bytes))
    }

    private func methods(_ transport: ScriptedTransport) -> [String] { transport.requests.map(\.method) }

    private var checksum: String { Data(sha256(bytes).hexadecimalBytes).base64EncodedString() }

    @Test("Parts carry their own digests, and completion names them all and overwrites nothing")
    func parts() async throws {
        let transport = Script().transport()
        try await put(transport)
        #expect(methods(transport) == ["HEAD", "POST", "PUT", "PUT", "POST"])
        let parts = transport.requests.filter { $0.method == "PUT" }.sorted { $0.url < $1.url }
        #expect(parts.map(\.body.count) == [Self.partByteCount, 1_000])
        #expect(parts[0].body + parts[1].body == bytes)
        let last = try #require(transport.requests.last)
        let completion = String(decoding: last.body, as: UTF8.self)
        for (index, part) in parts.enumerated() {
            #expect(part.url.hasSuffix("?partNumber=\(index + 1)&uploadId=u%261"))
            let checksum = Data(sha256(part.body).hexadecimalBytes).base64EncodedString()
            #expect(part.headers.contains(.init("x-amz-checksum-sha256", checksum)))
            #expect(completion.contains("<PartNumber>\(index + 1)</PartNumber><ETag>&quot;e&quot;</ETag>"))
            #expect(completion.contains(checksum))
        }
        let (one, two) = (completion.range(of: "<PartNumber>1<"), completion.range(of: "<PartNumber>2<"))
        #expect(try #require(one).lowerBound < #require(two).lowerBound, "S3 takes them in their order only")
        #expect(last.headers.contains(.init("if-none-match", "*")))
    }

    @Test("A failing part, a refused completion and an error inside a 200 abort the upload")
    func aborted() async throws {
        var scripts = [Script(), Script(), Script(), Script()]
        scripts[0].part = answer(403, "<Error><Code>AccessDenied</Code></Error>", ["etag": "\"e\""])
        scripts[1].complete = refusal(400, "InvalidPart")
        scripts[2].complete = refusal(200, "MalformedXML")
        scripts[3].part = answer(200)
        for script in scripts {
            let transport = script.transport()
            _ = try await storeError(.objectStorage) { try await put(transport) }
            let deletion = try #require(transport.requests.last { $0.method == "DELETE" })
            #expect(deletion.url.hasSuffix("?uploadId=u%261"))
        }
    }

    @Test("A moment's trouble inside a completion's 200 is tried again")
    func troubleInside() async throws {
        var script = Script()
        let completions = AnswerOnce(first: refusal(200, "InternalError"), then: script.complete)
        script.complete = { try completions.next($0) }
        let transport = script.transport()
        try await put(transport)
        #expect(methods(transport) == ["HEAD", "POST", "PUT", "PUT", "POST", "POST"])
    }

    @Test("A cancelled upload is aborted all the same")
    func cancelled() async throws {
        var script = Script()
        script.part = { _ in throw CancellationError() }
        let transport = script.transport()
        await #expect(throws: CancellationError.self) { try await put(transport) }
        #expect(methods(transport).last == "DELETE")

        // Cancelled from outside, while the first answer is under way.
        var begun = Script()
        let answered = begun.begin
        begun.begin = { request in
            withUnsafeCurrentTask { $0?.cancel() }
            return try answered(request)
        }
        let second = begun.transport()
        let task = Task { try await put(second) }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(methods(second).last == "DELETE")
    }

    @Test("A key that is taken already costs one question and no upload")
    func taken() async throws {
        var script = Script()
        script.head = answer(200, "", ["content-length": "3"])
        let transport = script.transport()
        _ = try await storeError(.objectExists) { try await put(transport) }
        #expect(methods(transport) == ["HEAD"])
    }

    @Test("A key that is taken meanwhile is objectExists, and the upload is aborted")
    func takenMeanwhile() async throws {
        var script = Script()
        script.complete = refusal(412, "PreconditionFailed")
        let heads = AnswerOnce(first: answer(404), then: answer(200, "", ["content-length": "3"]))
        script.head = { try heads.next($0) }
        let transport = script.transport()
        _ = try await storeError(.objectExists) { try await put(transport) }
        #expect(methods(transport).suffix(2) == ["DELETE", "HEAD"])
    }

    @Test("A completion whose answer was lost is recognised by what is under the key")
    func lostCompletion() async throws {
        var script = Script()
        script.complete = refusal(404, "NoSuchUpload")
        let stored = answer(200, "", ["content-length": "\(bytes.count)", "x-amz-checksum-sha256": checksum])
        let heads = AnswerOnce(first: answer(404), then: stored)
        script.head = { try heads.next($0) }
        let transport = script.transport()
        try await put(transport)
        #expect(methods(transport).last == "HEAD")
    }

    @Test(
        "A checksum of checksums says nothing about the whole, so the bytes are compared", arguments: [true, false],
        [["x-amz-checksum-sha256": "AAAA-2"], ["x-amz-checksum-sha256": "AAAA", "x-amz-checksum-type": "COMPOSITE"]])
    func composite(isSame: Bool, headers: [String: String]) async throws {
        let stored = answer(200, "", headers.merging(["content-length": "\(bytes.count)"]) { $1 })
        let content = isSame ? bytes : bytes.dropLast() + [bytes[bytes.count - 1] ^ 1]
        let transport = ScriptedTransport([stored, { _ in S3HTTPResponse(status: 206, body: content) }])
        if isSame {
            try await put(transport)
        } else {
            _ = try await storeError(.objectExists) { try await put(transport) }
        }
        #expect(methods(transport) == ["HEAD", "GET"])
    }

    @Test("Bytes that are there already are compared a piece at a time, up to the first that differs")
    func comparedInPieces() async throws {
        var bytes = Data(capacity: 25_000_000)
        while bytes.count < 20_000_000 { bytes += self.bytes }
        let whole = bytes.prefix(20_000_000)
        for (changed, pieces) in [(nil, 3), (19_999_999, 3), (9_000_000, 2)] as [(Int?, Int)] {
            var content = whole
            if let changed { content[changed] ^= 1 }
            let stored = content
            let transport = ScriptedTransport([]) { request in
                let range = request.headers.first { $0.name == "range" }?.value
                guard let match = range?.wholeMatch(of: /bytes=(\d+)-(\d+)/), let first = Int(match.output.1),
                    let last = Int(match.output.2), last - first < 8_388_608
                else { return S3HTTPResponse(status: 200, headers: [.init("content-length", "\(stored.count)")]) }
                return S3HTTPResponse(status: 206, body: stored[first...last])
            }
            let storage = try storage(transport) { $0.multipartThreshold = 1_000_000 }
            let result = await Task { try await storage.put(whole, at: key.get(), sha256: sha256(whole)) }.result
            if changed == nil { try result.get() } else { #expect(throws: StoreError.self) { try result.get() } }
            #expect(methods(transport) == ["HEAD"] + Array(repeating: "GET", count: pieces))
        }
    }

    @Test("No more parts are under way at once than were told", arguments: [1, 3])
    func parallel(limit: Int) async throws {
        let transport = CrowdCounter(Script().transport(), expecting: limit)
        let storage = try storage(transport) { configuration in
            configuration.multipartThreshold = 1_000_000
            configuration.partByteCount = Self.partByteCount
            configuration.parallelParts = limit
        }
        let large = Data(count: 8 * Self.partByteCount)
        try await storage.put(large, at: key.get(), sha256: sha256(large))
        #expect(transport.most == limit)
    }
}
