internal import ArtifactStore
internal import Foundation

/// The writing half, for objects sent in parts.
extension S3ObjectStorage {
    /// A part that S3 holds.
    private struct Part {
        let number: Int
        let etag: String
        let checksum: String
    }

    func storeInParts(_ upload: Upload) async throws {
        // The condition is checked at completion; looking first spares sending a large object for nothing.
        guard try await !confirm(upload) else { return }
        try await untilSettled(upload) {
            let id = try await begin(upload)
            do {
                let parts = try await send(upload, id)
                let answer = try await complete(upload, id, parts)
                if answer.status != 200 || S3Refusal(answer).code != nil { await abort(upload, id) }
                return Self.settled(answer)
            } catch {
                await abort(upload, id)
                throw error
            }
        }
    }

    /// An upload that is gone was completed by an answer that was lost, or aborted by somebody: the key tells which.
    private static func settled(_ answer: S3HTTPResponse) -> S3HTTPResponse {
        guard answer.status == 404, S3Refusal(answer).code == "NoSuchUpload" else { return answer }
        return S3HTTPResponse(status: 412, headers: answer.headers, body: answer.body)
    }

    private func begin(_ upload: Upload) async throws -> String {
        var call = S3Client.Call(what: upload.what, method: .post, key: upload.key.text)
        call.query = [.init("uploads")]
        call.headers = [
            .init("content-type", Self.contentType(upload.bytes)), .init("x-amz-checksum-algorithm", "SHA256"),
        ]
        let answer = try await client.send(call, deadline: upload.deadline)
        guard answer.status == 200 else { throw S3Refusal(answer).error(upload.what) }
        let id = try S3Answer.root(answer, "InitiateMultipartUploadResult", upload.what)["UploadId"]?.text
        guard let id, !id.isEmpty else { throw S3Answer.unreadable(upload.what, "an upload without an id") }
        return id
    }

    private func send(_ upload: Upload, _ id: String) async throws -> [Part] {
        // S3 takes 10,000 parts at most; at 5 MiB each that is beyond any image.
        let size = configuration.partByteCount
        let starts = Array(stride(from: 0, to: upload.bytes.count, by: size))
        return try await withThrowingTaskGroup(of: Part.self) { group in
            var parts: [Part] = []
            for (index, start) in starts.enumerated() {
                if index >= configuration.parallelParts, let part = try await group.next() { parts.append(part) }
                group.addTask {
                    let first = upload.bytes.startIndex + start
                    let last = min(first + size, upload.bytes.endIndex)
                    return try await send(upload.bytes[first..<last], number: index + 1, of: upload, id)
                }
            }
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.number < $1.number }
        }
    }

    private func send(_ bytes: Data, number: Int, of upload: Upload, _ id: String) async throws -> Part {
        let sha256 = SHA256Hex.of(bytes)
        let checksum = S3Client.checksum(sha256)
        var call = S3Client.Call(what: "part \(number) of the \(upload.what)", method: .put, key: upload.key.text)
        call.query = [.init("partNumber", String(number)), .init("uploadId", id)]
        call.headers = [.init("x-amz-checksum-sha256", checksum)]
        call.body = bytes
        call.sha256 = sha256
        let answer = try await client.send(call, deadline: upload.deadline)
        guard answer.status == 200 else { throw S3Refusal(answer).error(call.what) }
        guard let etag = answer.header("etag") else { throw S3Answer.unreadable(call.what, "a part without an ETag") }
        return Part(number: number, etag: etag, checksum: checksum)
    }

    private func complete(_ upload: Upload, _ id: String, _ parts: [Part]) async throws -> S3HTTPResponse {
        let list = parts.map { part in
            "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(XMLText.escaped(part.etag))</ETag>"
                + "<ChecksumSHA256>\(part.checksum)</ChecksumSHA256></Part>"
        }
        var call = S3Client.Call(what: upload.what, method: .post, key: upload.key.text)
        call.query = [.init("uploadId", id)]
        call.headers = [.init("content-type", "application/xml"), .init("if-none-match", "*")]
        call.body = Data(
            "<CompleteMultipartUpload xmlns=\"\(S3Answer.namespace)\">\(list.joined())</CompleteMultipartUpload>".utf8)
        return try await client.send(call, deadline: upload.deadline)
    }

    /// Parts of an unfinished upload are stored, and paid for, until somebody aborts it. Done in a task of its own, so
    /// that it is also done for a cancelled call, and with time of its own, since the call's may be used up.
    private func abort(_ upload: Upload, _ id: String) async {
        let client = client
        await Task {
            var call = S3Client.Call(what: "end of the \(upload.what)", method: .delete, key: upload.key.text)
            call.query = [.init("uploadId", id)]
            // The first error is the one to report; a bucket's lifecycle rule removes what stays behind.
            _ = try? await client.send(call, deadline: client.http.timing.elapsed() + .seconds(10))
        }.value
    }
}
