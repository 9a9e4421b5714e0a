internal import Crypto
public import Foundation

/// The bytes of an object in order, read as they are asked for.
///
/// Made by ``ChunkReadingStorage/chunks(of:expecting:chunkByteCount:)``. Each iteration begins at the first byte and
/// looks the object up again.
public struct ObjectChunks: AsyncSequence, Sendable {
    /// One chunk, never empty.
    public typealias Element = Data

    /// An object that was found.
    package struct Opened: Sendable {
        let byteCount: Int64
        let read: @Sendable (Range<Int64>) async throws -> Data

        /// - Parameter read: Exactly the bytes of a range inside the object.
        package init(byteCount: Int64, read: @escaping @Sendable (Range<Int64>) async throws -> Data) {
            self.byteCount = byteCount
            self.read = read
        }
    }

    private let key: ObjectKey
    private let range: Range<Int64>?
    private let expected: ImageFacts
    private let chunkByteCount: Int
    private let open: @Sendable () async throws -> Opened

    /// - Parameter range: Nil for the whole object.
    /// - Parameter open: Looks the object up; called once an iteration.
    package init(
        of key: ObjectKey, range: Range<Int64>? = nil, expecting expected: ImageFacts, chunkByteCount: Int,
        open: @escaping @Sendable () async throws -> Opened
    ) throws(StoreError) {
        guard (1...1_073_741_824).contains(chunkByteCount) else {
            throw StoreError(
                .invalidInput, "chunks of \(chunkByteCount) bytes were asked for", hint: "Ask for 1 byte to 1 GiB.")
        }
        if let range, range.lowerBound < 0 || range.isEmpty {
            throw .badRange(range, "holds nothing or begins before 0")
        }
        self.key = key
        self.range = range
        self.expected = expected
        self.chunkByteCount = chunkByteCount
        self.open = open
    }

    /// Begins at the first chunk.
    public func makeAsyncIterator() -> Iterator { Iterator(chunks: self) }

    /// Reads one chunk after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private struct Reading {
            var position: Int64
            let end: Int64
            let object: Opened
        }

        private let chunks: ObjectChunks
        private var reading: Reading?
        private var hasher = SHA256()

        init(chunks: ObjectChunks) {
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
            let bytes = try await reading.object.read(reading.position..<end)
            if chunks.expected.sha256 != nil { hasher.update(data: bytes) }
            reading.position = end
            self.reading = reading
            return bytes
        }

        private func begin() async throws -> Reading {
            let object = try await chunks.open()
            if let expected = chunks.expected.byteCount, expected != object.byteCount {
                throw StoreError.damaged(chunks.key, "has \(object.byteCount) bytes, expected \(expected)")
            }
            guard let range = chunks.range else { return Reading(position: 0, end: object.byteCount, object: object) }
            guard range.lowerBound < object.byteCount else {
                throw StoreError.badRange(range, "begins behind the object's end")
            }
            return Reading(
                position: range.lowerBound, end: Swift.min(range.upperBound, object.byteCount), object: object)
        }

        private func compareDigest() throws(StoreError) {
            guard let expected = chunks.expected.sha256 else { return }
            let actual = SHA256Hex.text(hasher.finalize())
            guard actual == expected else {
                throw .damaged(chunks.key, "has SHA-256 \(actual), expected \(expected)")
            }
        }
    }
}

extension StoreError {
    package static func damaged(_ key: ObjectKey, _ reason: String) -> StoreError {
        StoreError(
            .objectDamaged, "the object \(key) \(reason)",
            hint: "Restore it from a backup; the record of what it was is intact.")
    }

    package static func badRange(_ range: Range<Int64>, _ reason: String) -> StoreError {
        StoreError(
            .invalidInput, "the byte range \(range) \(reason)",
            hint: "Give a range inside the object; head says how many bytes it has.")
    }
}
