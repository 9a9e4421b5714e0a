public import ArtifactStore
public import Foundation

/// The reading half.
extension S3ObjectStorage {
    /// Some bytes of an object, without comparing them with anything.
    ///
    /// - Parameter range: Which ones, counted from 0; cut to the object's end. At most 1 GiB.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the range is empty, negative, too long, or
    ///   begins behind the object's end; `notFound`; `objectStorage`; or `CancellationError`.
    public func get(_ key: ObjectKey, range: Range<Int64>) async throws -> Data {
        let what = "GET of \(key) in \(bucket)"
        guard range.lowerBound >= 0, !range.isEmpty, Int64(range.count) <= ImageFacts.maximumStoredByteCount else {
            throw StoreError.badRange(range, "holds nothing, begins before 0, or is longer than 1 GiB")
        }
        return try await naming(what) {
            var call = S3Client.Call(what: what, method: .get, key: key.text)
            call.headers = [.init("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
            call.answerLimit = max(range.count, S3Client.answerLimit)
            let answer = try await client.send(call, deadline: client.http.deadline())
            switch answer.status {
            case 206 where answer.body.count <= range.count: return answer.body
            case 416: throw StoreError.badRange(range, "begins behind the object's end")
            default: throw refusal(answer, key, what)
            }
        }
    }

    func load(_ key: ObjectKey, expecting expected: ImageFacts, _ what: String) async throws -> Data {
        let limit = min(expected.byteCount ?? ImageFacts.maximumStoredByteCount, ImageFacts.maximumStoredByteCount)
        let bytes: Data
        do {
            bytes = try await self.bytes(key, atMost: Int(limit), deadline: client.http.deadline())
        } catch S3TransportFailure.bodyTooLong(let byteCount) {
            let count = byteCount.map { "\($0)" } ?? "more than \(limit)"
            guard let expectedCount = expected.byteCount else {
                throw StoreError(
                    .objectStorage, "the object \(key) has \(count) bytes",
                    hint: "At most \(limit) are read; something else put it there.")
            }
            throw StoreError.damaged(key, "has \(count) bytes, expected \(expectedCount)")
        }
        guard expected.byteCount == nil || expected.byteCount == Int64(bytes.count) else {
            throw StoreError.damaged(key, "has \(bytes.count) bytes, expected \(expected.byteCount ?? 0)")
        }
        if let sha256 = expected.sha256 {
            let actual = SHA256Hex.of(bytes)
            guard actual == sha256 else { throw StoreError.damaged(key, "has SHA-256 \(actual), expected \(sha256)") }
        }
        return bytes
    }

    /// - Throws: `S3TransportFailure.bodyTooLong` when the object has more bytes.
    func bytes(_ key: ObjectKey, atMost limit: Int, deadline: Duration) async throws -> Data {
        let what = "GET of \(key) in \(bucket)"
        var call = S3Client.Call(what: what, method: .get, key: key.text)
        // Room for a refusal, which may be longer than a tiny object.
        call.answerLimit = max(limit, 65_536)
        let answer = try await client.send(call, deadline: deadline)
        guard answer.status == 200 else { throw refusal(answer, key, what) }
        return answer.body
    }

    /// What S3 knows about an object without reading it; the checksum is the base64 form of the whole's SHA-256.
    typealias ObjectFacts = (byteCount: Int64, checksum: String?, etag: String?)

    /// What a HEAD says; nil when there is no object.
    func facts(
        _ key: ObjectKey, _ what: String, deadline: Duration
    ) async throws -> ObjectFacts? {
        var call = S3Client.Call(what: what, method: .head, key: key.text)
        call.headers = [.init("x-amz-checksum-mode", "ENABLED")]
        let answer = try await client.send(call, deadline: deadline)
        // A HEAD's 404 has no body that would tell a missing key from a missing bucket.
        if answer.status == 404 { return nil }
        guard answer.status == 200, let count = answer.header("content-length").flatMap({ Int64($0) }), count >= 0
        else { throw S3Refusal(answer).error(what) }
        // A checksum of checksums has the number of parts behind a hyphen, and says nothing about the whole.
        let checksum = answer.header("x-amz-checksum-sha256").flatMap { $0.contains("-") ? nil : $0 }
        return (count, answer.header("x-amz-checksum-type") == "COMPOSITE" ? nil : checksum, answer.header("etag"))
    }

    func refusal(_ answer: S3HTTPResponse, _ key: ObjectKey, _ what: String) -> StoreError {
        let refusal = S3Refusal(answer)
        guard answer.status == 404, refusal.code == nil || refusal.code == "NoSuchKey" else {
            return refusal.error(what)
        }
        return missing(key)
    }

    func missing(_ key: ObjectKey) -> StoreError {
        StoreError(
            .notFound, "there is no object \(key) in \(bucket)",
            hint: "It was deleted, or the store was opened with another bucket.")
    }
}
