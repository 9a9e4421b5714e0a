public import ArtifactStore
internal import Foundation

extension S3ObjectStorage {
    /// A whole object, a chunk at a time, so that memory holds one chunk however large the object is.
    ///
    /// The last chunk is handed out before the digest of all of them can be compared: nothing that was read counts
    /// until the sequence has ended without an error.
    ///
    /// - Parameter expected: The byte count and digest to compare; what is nil is not compared.
    /// - Parameter chunkByteCount: Bytes in one chunk, and of one request, which is retried by itself; 8 MiB unless
    ///   told, 1 byte to 1 GiB.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the size of chunks is out of range. Reading
    ///   throws `notFound`, `objectDamaged` (also when the object was replaced meanwhile), `objectStorage`, or
    ///   `CancellationError`.
    public func chunks(
        of key: ObjectKey, expecting expected: ImageFacts = ImageFacts(), chunkByteCount: Int = 8_388_608
    ) throws(StoreError) -> S3ObjectChunks {
        try S3ObjectChunks(storage: self, key: key, range: nil, expected: expected, chunkByteCount: chunkByteCount)
    }

    /// Some bytes of an object, a chunk at a time, without comparing them with anything.
    ///
    /// - Parameter range: Which ones, counted from 0; cut to the object's end.
    /// - Parameter chunkByteCount: As in ``chunks(of:expecting:chunkByteCount:)``.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the range is empty or negative, or the size
    ///   of chunks is out of range. Reading throws it when the range begins behind the object's end, and what reading a
    ///   whole object throws.
    public func chunks(
        of key: ObjectKey, range: Range<Int64>, chunkByteCount: Int = 8_388_608
    ) throws(StoreError) -> S3ObjectChunks {
        try S3ObjectChunks(
            storage: self, key: key, range: range, expected: ImageFacts(), chunkByteCount: chunkByteCount)
    }

    /// The bytes of a range that lies inside the object.
    ///
    /// - Parameter etag: Of the object that the other chunks are from.
    func chunk(_ key: ObjectKey, _ range: Range<Int64>, etag: String?) async throws -> Data {
        let what = "GET of \(key) in \(bucket)"
        return try await naming(what) {
            var call = S3Client.Call(what: what, method: .get, key: key.text)
            call.headers = [.init("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
            if let etag { call.headers.append(.init("if-match", etag)) }
            // Room for a refusal, which may be longer than a tiny chunk.
            call.answerLimit = max(range.count, 65_536)
            let answer = try await client.send(call, deadline: client.http.deadline())
            switch answer.status {
            case 206 where answer.body.count == range.count: return answer.body
            case 206, 412, 416: throw Self.damaged(key, "changed while it was read")
            default: throw refusal(answer, key, what)
            }
        }
    }
}
