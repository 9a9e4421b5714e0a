public import ArtifactStore
internal import Foundation

/// The removing half.
extension S3ObjectStorage {
    /// Removes an object; that there is none is no error.
    ///
    /// In a bucket with versions, S3 keeps the bytes and hides them.
    ///
    /// - Throws: ``ArtifactStore/StoreError`` with code `objectStorage`, or `CancellationError`.
    public func delete(_ key: ObjectKey) async throws {
        let what = "DELETE of \(key) in \(bucket)"
        try await naming(what) {
            let call = S3Client.Call(what: what, method: .delete, key: key.text)
            let answer = try await client.send(call, deadline: client.http.deadline())
            let refusal = S3Refusal(answer)
            let isGone = answer.status == 404 && (refusal.code == nil || refusal.code == "NoSuchKey")
            guard answer.status == 200 || answer.status == 204 || isGone else { throw refusal.error(what) }
        }
    }

    /// Removes many objects, 1,000 with a request.
    ///
    /// - Returns: The keys that could not be removed, and why. All others are gone.
    /// - Throws: ``ArtifactStore/StoreError`` with code `objectStorage` when a request as a whole was refused: keys
    ///   before it are gone, and repeating the call is safe. Or `CancellationError`.
    public func delete(_ keys: [ObjectKey]) async throws -> [ObjectKey: StoreError] {
        let deadline = client.http.deadline()
        var failures: [ObjectKey: StoreError] = [:]
        for start in stride(from: 0, to: keys.count, by: 1_000) {
            let some = keys[start..<min(start + 1_000, keys.count)]
            let what = "DELETE of \(some.count) objects in \(bucket)"
            try await naming(what) {
                failures.merge(try await deleteAtOnce(some, what, deadline: deadline)) { $1 }
            }
        }
        return failures
    }

    private func deleteAtOnce(
        _ keys: ArraySlice<ObjectKey>, _ what: String, deadline: Duration
    ) async throws -> [ObjectKey: StoreError] {
        let list = keys.map { "<Object><Key>\(XMLText.escaped($0.text))</Key></Object>" }.joined()
        var call = S3Client.Call(what: what, method: .post)
        call.query = [.init("delete")]
        call.body = Data("<Delete xmlns=\"\(S3Answer.namespace)\"><Quiet>true</Quiet>\(list)</Delete>".utf8)
        let sha256 = SHA256Hex.of(call.body)
        call.sha256 = sha256
        call.headers = [
            .init("content-type", "application/xml"), .init("x-amz-checksum-sha256", S3Client.checksum(sha256)),
        ]
        let answer = try await client.send(call, deadline: deadline)
        guard answer.status == 200 else { throw S3Refusal(answer).error(what) }
        var failures: [ObjectKey: StoreError] = [:]
        for error in try S3Answer.root(answer, "DeleteResult", what).all("Error") {
            let code = S3Refusal.plain(error["Code"]?.text) ?? "no code"
            guard code != "NoSuchKey" else { continue }
            guard let key = (error["Key"]?.text).flatMap({ try? ObjectKey($0) }), keys.contains(key) else {
                throw S3Answer.unreadable(what, "a failure (\(code)) about a key that was not asked for")
            }
            failures[key] = StoreError(
                .objectStorage, "S3 did not remove \(key) from \(bucket): \(code)",
                hint: "Permit the credentials to delete, or repeat the call.")
        }
        return failures
    }
}
