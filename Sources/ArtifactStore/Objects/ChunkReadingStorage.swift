/// An object storage that hands objects out a chunk at a time, so that memory holds one chunk however large the object
/// is.
public protocol ChunkReadingStorage: ObjectStorage {
    /// A whole object, a chunk at a time. Nothing is read before the first chunk is asked for.
    ///
    /// The last chunk is handed out before the digest of all of them can be compared: nothing that was read counts
    /// until the sequence has ended without an error.
    ///
    /// - Parameter expected: The byte count and digest to compare; what is nil is not compared.
    /// - Parameter chunkByteCount: Bytes in one chunk, 1 byte to 1 GiB; the last one may be shorter.
    /// - Throws: ``StoreError`` with code `invalidInput` when the size of chunks is out of range. Reading throws
    ///   `notFound`, `objectDamaged` (also when the object was replaced meanwhile), `objectStorage`, or
    ///   `CancellationError`.
    func chunks(
        of key: ObjectKey, expecting expected: ImageFacts, chunkByteCount: Int
    ) throws(StoreError) -> ObjectChunks
}

extension ChunkReadingStorage {
    /// ``chunks(of:expecting:chunkByteCount:)`` with chunks of 8 MiB.
    ///
    /// - Throws: Reading throws what it throws there.
    public func chunks(
        of key: ObjectKey, expecting expected: ImageFacts = ImageFacts()
    ) throws(StoreError) -> ObjectChunks {
        try chunks(of: key, expecting: expected, chunkByteCount: 8_388_608)
    }

    public func verify(_ key: ObjectKey, expecting expected: ImageFacts) async throws {
        for try await _ in try chunks(of: key, expecting: expected) {}
    }
}
