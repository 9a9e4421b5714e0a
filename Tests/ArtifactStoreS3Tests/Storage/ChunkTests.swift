import ArtifactStore
import ArtifactStoreS3
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("Objects a chunk at a time, against a server that follows a script")
struct ChunkTests {
    private let key = Result { try ObjectKey("a/b.png") }
    private let bytes = Data((0..<100).map { UInt8($0) })

    /// Serves one object, honouring ranges and conditions.
    private func server(_ bytes: Data, etags: [String] = ["\"e\""]) -> ScriptedTransport {
        ScriptedTransport([]) { request in
            guard request.method != "HEAD" else {
                return S3HTTPResponse(
                    status: 200,
                    headers: [.init("content-length", "\(bytes.count)"), .init("etag", etags.first ?? "")])
            }
            let header = request.headers.first { $0.name == "range" }?.value ?? ""
            guard let match = header.wholeMatch(of: /bytes=(\d+)-(\d+)/), let first = Int(match.output.1),
                let last = Int(match.output.2), first <= last, last < bytes.count
            else { return S3HTTPResponse(status: 416) }
            guard request.headers.contains(where: { $0.name == "if-match" && $0.value == etags.last }) else {
                return S3HTTPResponse(status: 412)
            }
            return S3HTTPResponse(status: 206, body: bytes[first...last])
        }
    }

    private func read(_ chunks: ObjectChunks) async throws -> [Data] {
        try await chunks.reduce(into: []) { $0.append($1) }
    }

    @Test("Whatever the chunk and the range, the chunks together are the bytes, and only the last one is shorter")
    func sizes() async throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<200 {
            let size = Int.random(in: 1...120, using: &random)
            let first = Int64.random(in: 0..<100, using: &random)
            let range = first..<Int64.random(in: (first + 1)...130, using: &random)
            let storage = try storage(server(bytes))
            let found = try await read(storage.chunks(of: key.get(), range: range, chunkByteCount: size))
            #expect(Data(found.joined()) == bytes[Int(first)..<min(Int(range.upperBound), 100)], "\(range) by \(size)")
            #expect(found.dropLast().allSatisfy { $0.count == size } && found.allSatisfy { !$0.isEmpty })
            let whole = try await read(
                storage.chunks(
                    of: key.get(), expecting: ImageFacts(byteCount: 100, sha256: sha256(bytes)), chunkByteCount: size))
            #expect(Data(whole.joined()) == bytes)
            #expect(whole.count == (99 + size) / size)
        }
        #expect(try await read(storage(server(Data())).chunks(of: key.get())).isEmpty)
    }

    @Test("Other bytes than expected are an error: by their number before the first chunk, by their digest at the end")
    func damaged() async throws {
        let transport = server(bytes)
        let storage = try storage(transport)
        _ = try await storeError(.objectDamaged) {
            _ = try await read(storage.chunks(of: key.get(), expecting: ImageFacts(byteCount: 99)))
        }
        #expect(transport.requests.map(\.method) == ["HEAD"])
        var iterator = try storage.chunks(
            of: key.get(), expecting: ImageFacts(sha256: sha256(Data([1]))), chunkByteCount: 50
        ).makeAsyncIterator()
        #expect(try await iterator.next()?.count == 50)
        #expect(try await iterator.next()?.count == 50)
        for _ in 0..<2 { _ = try await storeError(.objectDamaged) { _ = try await iterator.next() } }
    }

    @Test("An object that is replaced while it is read is an error, and so is one that is cut short")
    func replaced() async throws {
        let replaced = try storage(server(bytes, etags: ["\"e\"", "\"f\""]))
        _ = try await storeError(.objectDamaged) { _ = try await read(replaced.chunks(of: key.get())) }
        let head = answer(200, "", ["content-length": "100", "etag": "e"])
        let short = ScriptedTransport([head], otherwise: answer(206, "short"))
        _ = try await storeError(.objectDamaged) { _ = try await read(storage(short).chunks(of: key.get())) }
    }

    @Test("A chunk whose connection breaks is asked for again, and no other one")
    func retried() async throws {
        let head = answer(200, "", ["content-length": "4", "etag": "e"])
        let transport = ScriptedTransport([
            head, answer(206, "ab"), fails(.connection(kind: "reset")), answer(206, "cd"),
        ])
        let found = try await read(storage(transport).chunks(of: key.get(), expecting: ImageFacts(), chunkByteCount: 2))
        #expect(found == [Data("ab".utf8), Data("cd".utf8)])
        let ranges = transport.requests.compactMap { request in request.headers.first { $0.name == "range" }?.value }
        #expect(ranges == ["bytes=0-1", "bytes=2-3", "bytes=2-3"])
    }

    @Test("Missing objects, ranges outside and impossible sizes are told apart")
    func refused() async throws {
        let storage = try storage(server(bytes))
        _ = try await storeError(.notFound) {
            _ = try await read(ArtifactStoreS3Tests.storage(ScriptedTransport([answer(404)])).chunks(of: key.get()))
        }
        _ = try await storeError(.invalidInput) { _ = try await read(storage.chunks(of: key.get(), range: 100..<101)) }
        for range in [0..<0, -1..<1] as [Range<Int64>] {
            _ = try await storeError(.invalidInput) { _ = try storage.chunks(of: key.get(), range: range) }
        }
        for size in [0, 1_073_741_825] {
            _ = try await storeError(.invalidInput) {
                _ = try storage.chunks(of: key.get(), expecting: ImageFacts(), chunkByteCount: size)
            }
        }
    }
}
