import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("Objects of a folder, a chunk at a time")
struct DirectoryChunkTests {
    private static let key = "runs/a.png"
    private let sample = Sample(Data((0..<100).map { UInt8($0) }))

    private func chunks(_ fixture: StorageFixture, _ size: Int, expecting: ImageFacts? = nil) throws -> ObjectChunks {
        try fixture.storage.chunks(
            of: ObjectKey(Self.key), expecting: expecting ?? sample.facts, chunkByteCount: size)
    }

    private func read(_ chunks: ObjectChunks) async throws -> [Data] {
        try await chunks.reduce(into: []) { $0.append($1) }
    }

    @Test("Whatever the chunk, the chunks together are the bytes, each time anew, and only the last one is shorter")
    func sizes() async throws {
        let fixture = try StorageFixture()
        try await fixture.storage.put(sample, at: Self.key)
        for size in 1...101 {
            let chunks = try chunks(fixture, size)
            for _ in 0..<2 {
                let found = try await read(chunks)
                #expect(Data(found.joined()) == sample.bytes && found.count == (99 + size) / size)
                #expect(found.dropLast().allSatisfy { $0.count == size })
            }
        }
    }

    @Test("Damage is found: by the number of bytes before the first chunk, by the digest behind the last")
    func damaged() async throws {
        let fixture = try StorageFixture()
        try await fixture.storage.put(sample, at: Self.key)
        for (expected, count) in [
            (ImageFacts(byteCount: 99), 0), (ImageFacts(sha256: Sample("other").sha256), 10),
        ] {
            var handedOut = 0
            let error = try await #require(throws: StoreError.self) {
                for try await _ in try chunks(fixture, 10, expecting: expected) { handedOut += 1 }
            }
            #expect(error.code == .objectDamaged && handedOut == count)
        }
    }

    @Test(
        "A file that is cut while it is read is damaged; one that is removed is read to its end",
        arguments: [true, false])
    func changed(isCut: Bool) async throws {
        let fixture = try StorageFixture()
        try await fixture.storage.put(sample, at: Self.key)
        var iterator = try chunks(fixture, 40).makeAsyncIterator()
        var found = try #require(try await iterator.next())
        if isCut {
            try #require(truncate(fixture.path(Self.key), 70) == 0)
            let error = try await #require(throws: StoreError.self) { _ = try await iterator.next() }
            #expect(error.code == .objectDamaged)
        } else {
            try FileManager.default.removeItem(atPath: fixture.path(Self.key))
            while let chunk = try await iterator.next() { found.append(chunk) }
            #expect(found == sample.bytes)
        }
    }

    @Test("Chunks of nothing, or of more than a gigabyte, are refused at once", arguments: [0, -1, 1_073_741_825])
    func refused(size: Int) throws {
        let fixture = try StorageFixture()
        #expect(throws: StoreError.self) { _ = try chunks(fixture, size) }
    }

    @Test("A large object that is there already is compared to its end")
    func putAgain() async throws {
        let fixture = try StorageFixture()
        var bytes = Data(count: 9_000_000)
        try await fixture.storage.put(Sample(bytes), at: Self.key)
        try await fixture.storage.put(Sample(bytes), at: Self.key)
        bytes[8_999_999] = 1
        let other = Sample(bytes)
        let error = try await #require(throws: StoreError.self) { try await fixture.storage.put(other, at: Self.key) }
        #expect(error.code == .objectExists)
    }
}
