internal import ArtifactStore
internal import Crypto
public import Foundation

/// The bytes of an object in order, read as they are asked for: one request a chunk, and one before the first.
///
/// Made by ``S3ObjectStorage/chunks(of:expecting:chunkByteCount:)`` and
/// ``S3ObjectStorage/chunks(of:range:chunkByteCount:)``.
public struct S3ObjectChunks: AsyncSequence, Sendable {
    /// One chunk, never empty.
    public typealias Element = Data

    let storage: S3ObjectStorage
    let key: ObjectKey
    /// Nil for the whole object.
    let range: Range<Int64>?
    let expected: ImageFacts
    let chunkByteCount: Int

    init(
        storage: S3ObjectStorage, key: ObjectKey, range: Range<Int64>?, expected: ImageFacts, chunkByteCount: Int
    ) throws(StoreError) {
        guard (1...1_073_741_824).contains(chunkByteCount) else {
            throw StoreError(
                .invalidInput, "chunks of \(chunkByteCount) bytes were asked for", hint: "Ask for 1 byte to 1 GiB.")
        }
        if let range, range.lowerBound < 0 || range.isEmpty {
            throw S3ObjectStorage.badRange(range, "holds nothing or begins before 0")
        }
        self.storage = storage
        self.key = key
        self.range = range
        self.expected = expected
        self.chunkByteCount = chunkByteCount
    }

    /// Begins at the first chunk.
    public func makeAsyncIterator() -> Iterator { Iterator(chunks: self) }

    /// Reads one chunk after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private struct Reading {
            var position: Int64
            let end: Int64
            let etag: String?
        }

        private let chunks: S3ObjectChunks
        private var reading: Reading?
        private var hasher = SHA256()

        init(chunks: S3ObjectChunks) {
            self.chunks = chunks
        }

        /// The next chunk; nil at the end, after all of them were compared with what was expected.
        public mutating func next() async throws -> Data? {
            var reading = if let reading { reading } else { try await begin() }
            guard reading.position < reading.end else {
                self.reading = reading
                try compareDigest()
                return nil
            }
            let end = Swift.min(reading.position + Int64(chunks.chunkByteCount), reading.end)
            let bytes = try await chunks.storage.chunk(chunks.key, reading.position..<end, etag: reading.etag)
            if chunks.expected.sha256 != nil { hasher.update(data: bytes) }
            reading.position = end
            self.reading = reading
            return bytes
        }

        private func begin() async throws -> Reading {
            let (storage, key) = (chunks.storage, chunks.key)
            let what = "HEAD of \(key) in \(storage.bucket)"
            let found = try await storage.naming(what) {
                try await storage.facts(key, what, deadline: storage.client.http.deadline())
            }
            guard let found else { throw storage.missing(key) }
            if let expected = chunks.expected.byteCount, expected != found.byteCount {
                throw S3ObjectStorage.damaged(key, "has \(found.byteCount) bytes, expected \(expected)")
            }
            guard let range = chunks.range else { return Reading(position: 0, end: found.byteCount, etag: found.etag) }
            guard range.lowerBound < found.byteCount else {
                throw S3ObjectStorage.badRange(range, "begins behind the object's end")
            }
            return Reading(
                position: range.lowerBound, end: Swift.min(range.upperBound, found.byteCount), etag: found.etag)
        }

        private func compareDigest() throws(StoreError) {
            guard let expected = chunks.expected.sha256 else { return }
            let actual = hasher.finalize().hexadecimal
            guard actual == expected else {
                throw S3ObjectStorage.damaged(chunks.key, "has SHA-256 \(actual), expected \(expected)")
            }
        }
    }
}
