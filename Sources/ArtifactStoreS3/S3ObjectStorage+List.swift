public import ArtifactStore

extension S3ObjectStorage {
    /// One page of the bucket's objects, of at most 1,000: S3 gives no more at once.
    public func list(after cursor: String?, limit: Int) async throws -> ObjectPage {
        try await list(prefix: "", after: cursor, limit: limit)
    }

    /// One page of the bucket's objects whose keys begin in one way.
    ///
    /// AWS sorts by the bytes of the keys; other servers have orders of their own. Objects stored or removed while
    /// pages are read may or may not be among them.
    ///
    /// - Parameter prefix: Only keys that begin so.
    /// - Parameter cursor: From the page before; nil for the first.
    /// - Parameter limit: Objects in a page at most, 1 to 10,000. S3 gives 1,000 at most, and may give fewer before the
    ///   last page.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the limit is out of range, or
    ///   `objectStorage`; or `CancellationError`.
    public func list(
        prefix: String, after cursor: String?, limit: Int
    ) async throws -> ObjectPage {
        try ObjectPage.check(limit: limit)
        let what = "list of \(bucket)"
        return try await naming(what) {
            var call = S3Client.Call(what: what, method: .get)
            // Encoded keys: XML has no way to write most control characters, which foreign keys may hold.
            call.query = [
                .init("list-type", "2"), .init("encoding-type", "url"), .init("max-keys", String(min(limit, 1_000))),
            ]
            if !prefix.isEmpty { call.query.append(.init("prefix", prefix)) }
            if let cursor { call.query.append(.init("continuation-token", cursor)) }
            let answer = try await client.send(call, deadline: client.http.deadline())
            guard answer.status == 200 else { throw S3Refusal(answer).error(what) }
            return try Self.page(try S3Answer.root(answer, "ListBucketResult", what), what)
        }
    }

    private static func page(_ root: XMLElement, _ what: String) throws(StoreError) -> ObjectPage {
        let isEncoded = root["EncodingType"]?.text == "url"
        var objects: [ListedObject] = []
        for entry in root.all("Contents") {
            guard let text = entry["Key"]?.text, let key = isEncoded ? PercentEncoding.decode(text) : text,
                let byteCount = (entry["Size"]?.text).flatMap({ Int64($0) }),
                let modifiedAt = (entry["LastModified"]?.text).flatMap({ Timestamp($0) })
            else { throw S3Answer.unreadable(what, "an entry without key, size or time") }
            objects.append(ListedObject(key: key, byteCount: byteCount, modifiedAt: modifiedAt))
        }
        switch root["IsTruncated"]?.text {
        case "false": return ObjectPage(objects: objects, next: nil)
        case "true":
            guard let next = root["NextContinuationToken"]?.text, !next.isEmpty else { fallthrough }
            return ObjectPage(objects: objects, next: next)
        default: throw S3Answer.unreadable(what, "a list that does not say whether it goes on")
        }
    }
}
