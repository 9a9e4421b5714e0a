public import ArtifactStore
internal import Foundation

extension S3ObjectStorage: ChunkReadingStorage {
    /// A whole object, a chunk at a time: one request a chunk, which is retried by itself, and one before the first.
    public func chunks(
        of key: ObjectKey, expecting expected: ImageFacts, chunkByteCount: Int
    ) throws(StoreError) -> ObjectChunks {
        try ObjectChunks(of: key, expecting: expected, chunkByteCount: chunkByteCount) { try await opened(key) }
    }

    /// Some bytes of an object, a chunk at a time, without comparing them with anything.
    ///
    /// - Parameter range: Which ones, counted from 0; cut to the object's end.
    /// - Parameter chunkByteCount: Bytes in one chunk, and of one request; 8 MiB unless told, 1 byte to 1 GiB.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the range is empty or negative, or the size
    ///   of chunks is out of range. Reading throws it when the range begins behind the object's end, and what reading a
    ///   whole object throws.
    public func chunks(
        of key: ObjectKey, range: Range<Int64>, chunkByteCount: Int = 8_388_608
    ) throws(StoreError) -> ObjectChunks {
        try ObjectChunks(of: key, range: range, expecting: ImageFacts(), chunkByteCount: chunkByteCount) {
            try await opened(key)
        }
    }

    private func opened(_ key: ObjectKey) async throws -> ObjectChunks.Opened {
        let what = "HEAD of \(key) in \(bucket)"
        let found = try await naming(what) { try await facts(key, what, deadline: client.http.deadline()) }
        guard let found else { throw missing(key) }
        return ObjectChunks.Opened(byteCount: found.byteCount) { try await chunk(key, $0, etag: found.etag) }
    }

    /// The bytes of a range that lies inside the object.
    ///
    /// - Parameter etag: Of the object that the other chunks are from.
    /// - Parameter deadline: Of the whole call that this request is part of; nil when it is a call of its own.
    func chunk(
        _ key: ObjectKey, _ range: Range<Int64>, etag: String?, deadline: Duration? = nil
    ) async throws -> Data {
        let what = "GET of \(key) in \(bucket)"
        return try await naming(what) {
            var call = S3Client.Call(what: what, method: .get, key: key.text)
            call.headers = [.init("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
            if let etag { call.headers.append(.init("if-match", etag)) }
            // Room for a refusal, which may be longer than a tiny chunk.
            call.answerLimit = max(range.count, 65_536)
            let answer = try await client.send(call, deadline: deadline ?? client.http.deadline())
            switch answer.status {
            case 206 where answer.body.count == range.count: return answer.body
            case 206, 412, 416: throw StoreError.damaged(key, "changed while it was read")
            default: throw refusal(answer, key, what)
            }
        }
    }
}
