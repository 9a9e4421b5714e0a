public import ArtifactStore

/// S3 has no renaming: a copy made by the service, and then the old key deleted.
extension S3ObjectStorage {
    /// Gives an object another key in the bucket, without its bytes leaving the service.
    ///
    /// The new key's ``ArtifactStore/ListedObject/modifiedAt`` is the moment of the move.
    public func move(_ key: ObjectKey, to newKey: ObjectKey) async throws {
        let what = "move of \(key) to \(newKey) in \(bucket)"
        let deadline = client.http.deadline()
        try await naming(what) {
            guard key != newKey, let source = try await facts(key, what, deadline: deadline) else {
                // An earlier call may have got this far.
                guard try await facts(newKey, what, deadline: deadline) != nil else { throw missing(key) }
                return
            }
            if try await !holds(newKey, key, source, what, deadline) {
                try await copy(key, to: newKey, what, deadline)
                guard try await holds(newKey, key, source, what, deadline) else {
                    throw StoreError(
                        .objectStorage, "the \(what) copied nothing, although S3 said so",
                        hint: "The object still has its old key. Check which service answers at the endpoint.")
                }
            }
            try await delete(key)
        }
    }

    /// Whether a key has an object with the bytes of another one.
    ///
    /// - Throws: `StoreError` with code `objectExists` when it has one with others.
    private func holds(
        _ newKey: ObjectKey, _ key: ObjectKey, _ source: ObjectFacts, _ what: String, _ deadline: Duration
    ) async throws -> Bool {
        guard let found = try await facts(newKey, what, deadline: deadline) else { return false }
        var isSame = found.byteCount == source.byteCount
        // Objects stored in parts have tags and checksums that depend on the parts.
        if isSame, found.etag != source.etag, found.checksum == nil || found.checksum != source.checksum {
            isSame = try await haveSameBytes(key, newKey)
        }
        guard isSame else {
            throw StoreError(
                .objectExists, "the key \(newKey) already holds \(found.byteCount) other bytes",
                hint: "Objects are never overwritten: choose another key.")
        }
        return true
    }

    private func haveSameBytes(_ key: ObjectKey, _ newKey: ObjectKey) async throws -> Bool {
        var others = try chunks(of: newKey).makeAsyncIterator()
        for try await chunk in try chunks(of: key) {
            guard try await others.next() == chunk else { return false }
        }
        return true
    }

    private func copy(_ key: ObjectKey, to newKey: ObjectKey, _ what: String, _ deadline: Duration) async throws {
        var call = S3Client.Call(what: what, method: .put, key: newKey.text)
        call.headers = [
            .init("x-amz-copy-source", PercentEncoding.path("/\(bucket)/\(key.text)")), .init("if-none-match", "*"),
        ]
        let answer = try await client.send(call, deadline: deadline)
        let refusal = S3Refusal(answer)
        // A copy that fails while the service works on it is answered with 200 and an error.
        guard answer.status == 200, refusal.code == nil else {
            guard answer.status == 412 || answer.status == 409 else { throw refusal.error(what) }
            return
        }
    }
}
