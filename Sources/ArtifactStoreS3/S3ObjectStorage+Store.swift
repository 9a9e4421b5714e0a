internal import ArtifactStore
internal import Foundation

/// The writing half, for objects sent in one request.
extension S3ObjectStorage {
    /// Several writers met (409) and none has the key yet: how often the write is begun again.
    static let conflictRounds = 5

    func storeWhole(_ upload: Upload) async throws {
        try await untilSettled(upload) {
            var call = S3Client.Call(what: upload.what, method: .put, key: upload.key.text)
            call.headers = [
                .init("content-type", Self.contentType(upload.bytes)), .init("if-none-match", "*"),
                .init("x-amz-checksum-sha256", S3Client.checksum(upload.sha256)),
            ]
            call.body = upload.bytes
            call.sha256 = upload.sha256
            return try await client.send(call, deadline: upload.deadline)
        }
    }

    /// Writes until there is an object under the key: this one, or one that was there before.
    ///
    /// - Parameter write: One conditional write with its final answer.
    func untilSettled(_ upload: Upload, _ write: () async throws -> S3HTTPResponse) async throws {
        for _ in 0..<Self.conflictRounds {
            let answer = try await write()
            let refusal = S3Refusal(answer)
            switch answer.status {
            case 200 where refusal.code == nil: return
            case 200, 409, 412:
                // The key is taken, perhaps by this very call, whose first answer was lost.
                guard try await !confirm(upload) else { return }
                // Taken and free again: the other writer gave up, so this one may begin anew.
                guard refusal.code == "ConditionalRequestConflict" || answer.status == 412 else {
                    throw refusal.error(upload.what)
                }
            case 400 where refusal.code == "BadDigest" || refusal.code == "XAmzContentSHA256Mismatch":
                throw StoreError(
                    .objectDamaged, "the bytes of the \(upload.what) were changed on their way: \(refusal)",
                    hint: "Repeat the call; look for a proxy that rewrites bodies if it goes on.")
            default: throw refusal.error(upload.what)
            }
        }
        throw StoreError(
            .objectStorage, "the \(upload.what) met other writers \(Self.conflictRounds) times, and none finished",
            hint: "Repeat the call.")
    }

    /// True when the key holds these very bytes, false when it holds nothing.
    ///
    /// - Throws: `StoreError` with code `objectExists` when it holds others.
    func confirm(_ upload: Upload) async throws -> Bool {
        guard let found = try await facts(upload.key, upload.what, deadline: upload.deadline) else { return false }
        let isSame: Bool
        if found.byteCount != Int64(upload.bytes.count) {
            isSame = false
        } else if let sha256 = found.checksum {
            isSame = sha256 == S3Client.checksum(upload.sha256)
        } else {
            // Stored in parts or by someone else, so that S3 has no digest of the whole.
            isSame = try await holds(upload, etag: found.etag)
        }
        guard isSame else {
            throw StoreError(
                .objectExists, "the key \(upload.key) already holds \(found.byteCount) other bytes",
                hint: "Objects are never overwritten: choose another key.")
        }
        return true
    }

    /// Compares an object of as many bytes, a chunk at a time, so that memory does not hold it twice.
    private func holds(_ upload: Upload, etag: String?) async throws -> Bool {
        for start in stride(from: 0, to: upload.bytes.count, by: 8_388_608) {
            let piece = upload.bytes.dropFirst(start).prefix(8_388_608)
            let range = Int64(start)..<Int64(start + piece.count)
            guard try await chunk(upload.key, range, etag: etag, deadline: upload.deadline) == piece else {
                return false
            }
        }
        return true
    }

    /// Read from the bytes, since nobody says it: whoever opens a signed URL wants it right.
    static func contentType(_ bytes: Data) -> String {
        (try? ImageHeader.read(bytes))?.contentType ?? "application/octet-stream"
    }
}
