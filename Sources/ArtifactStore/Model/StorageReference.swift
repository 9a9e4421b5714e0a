/// **The** durable reference to an image's bytes. It never expires; a signed URL is only derived from it.
public struct StorageReference: Hashable, Sendable {
    /// Which kind of object storage, such as `directory` or `s3`.
    public var kind: String
    /// The bucket, or what the storage has in its place.
    public var bucket: String
    /// The object's key in that bucket.
    public var objectKey: ObjectKey

    /// A reference from its three parts.
    public init(kind: String, bucket: String, objectKey: ObjectKey) {
        self.kind = kind
        self.bucket = bucket
        self.objectKey = objectKey
    }

    func validate() throws(StoreError) {
        try TextRule.check(kind, "storage.kind")
        try TextRule.check(bucket, "storage.bucket")
    }
}

/// Where an artifact's bytes are, and what they are.
public struct ArtifactStorage: Hashable, Sendable {
    public var reference: StorageReference
    /// What is known about the bytes. A host that stored them itself may not know everything.
    public var facts: ImageFacts

    /// A reference with the facts beside it.
    public init(reference: StorageReference, facts: ImageFacts) {
        self.reference = reference
        self.facts = facts
    }
}

/// Facts about an image's bytes. The store fills in all of them for bytes it stores; unknown is nil.
public struct ImageFacts: Hashable, Sendable {
    /// The media type read from the bytes' own header, such as `image/png`.
    public var contentType: String?
    /// The number of bytes, 1 to 1 TiB.
    public var byteCount: Int64?
    /// The SHA-256 of the bytes in lower-case hexadecimal.
    public var sha256: String?
    /// Pixels across, 1 to 65,535.
    public var width: Int64?
    /// Pixels down, 1 to 65,535.
    public var height: Int64?

    /// Facts from their parts.
    public init(
        contentType: String? = nil, byteCount: Int64? = nil, sha256: String? = nil, width: Int64? = nil,
        height: Int64? = nil
    ) {
        self.contentType = contentType
        self.byteCount = byteCount
        self.sha256 = sha256
        self.width = width
        self.height = height
    }

    func validate() throws(StoreError) {
        try TextRule.check(contentType, "storage.contentType")
        if let byteCount, !(1...1_099_511_627_776).contains(byteCount) {
            throw .invalid("storage.byteCount", "is \(byteCount)", hint: "Give 1 to 1099511627776 bytes.")
        }
        if let sha256 { try SHA256Hex.check(sha256, "storage.sha256") }
        for (name, length) in [("width", width), ("height", height)] {
            if let length, !(1...65_535).contains(length) {
                throw .invalid("storage.\(name)", "is \(length)", hint: "Give 1 to 65535 pixels.")
            }
        }
    }
}
