public import ArtifactStore

/// An object as a list has it.
public struct S3ListedObject: Sendable, Hashable {
    /// As it is in the bucket. Another program may have chosen it, so it need not be an ``ArtifactStore/ObjectKey``.
    public let key: String
    public let byteCount: Int64
    /// When it was stored, by the service's clock.
    public let modifiedAt: Timestamp
}

/// A part of a list, and where it goes on.
public struct S3ObjectPage: Sendable {
    public let objects: [S3ListedObject]
    /// To be given to the next call; nil when this page is the last.
    public let next: String?
}

extension S3ObjectStorage {
    /// One page of the bucket's objects.
    ///
    /// AWS sorts by the bytes of the keys; other servers have orders of their own. Objects stored or removed while
    /// pages are read may or may not be among them.
    ///
    /// - Parameter prefix: Only keys that begin so.
    /// - Parameter token: From the page before; nil for the first.
    /// - Parameter limit: Objects in a page at most, 1 to 1,000. S3 may give fewer before the last page.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the limit is out of range, or
    ///   `objectStorage`; or `CancellationError`.
    public func list(
        prefix: String = "", after token: String? = nil, limit: Int = 1_000
    ) async throws -> S3ObjectPage {
        guard (1...1_000).contains(limit) else {
            throw StoreError(.invalidInput, "a page of \(limit) objects was asked for", hint: "Ask for 1 to 1000.")
        }
        let what = "list of \(bucket)"
        return try await naming(what) {
            var call = S3Client.Call(what: what, method: .get)
            // Encoded keys: XML has no way to write most control characters, which foreign keys may hold.
            call.query = [.init("list-type", "2"), .init("encoding-type", "url"), .init("max-keys", String(limit))]
            if !prefix.isEmpty { call.query.append(.init("prefix", prefix)) }
            if let token { call.query.append(.init("continuation-token", token)) }
            let answer = try await client.send(call, deadline: client.http.deadline())
            guard answer.status == 200 else { throw S3Refusal(answer).error(what) }
            return try Self.page(try S3Answer.root(answer, "ListBucketResult", what), what)
        }
    }

    private static func page(_ root: XMLElement, _ what: String) throws(StoreError) -> S3ObjectPage {
        let isEncoded = root["EncodingType"]?.text == "url"
        var objects: [S3ListedObject] = []
        for entry in root.all("Contents") {
            guard let text = entry["Key"]?.text, let key = isEncoded ? PercentEncoding.decode(text) : text,
                let byteCount = (entry["Size"]?.text).flatMap({ Int64($0) }),
                let modifiedAt = (entry["LastModified"]?.text).flatMap({ Timestamp($0) })
            else { throw S3Answer.unreadable(what, "an entry without key, size or time") }
            objects.append(S3ListedObject(key: key, byteCount: byteCount, modifiedAt: modifiedAt))
        }
        switch root["IsTruncated"]?.text {
        case "false": return S3ObjectPage(objects: objects, next: nil)
        case "true":
            guard let next = root["NextContinuationToken"]?.text, !next.isEmpty else { fallthrough }
            return S3ObjectPage(objects: objects, next: next)
        default: throw S3Answer.unreadable(what, "a list that does not say whether it goes on")
        }
    }
}
