/// Where objects are: what an object storage has one of.
struct BucketName: Equatable, Sendable {
    let kind: String
    let bucket: String

    /// Byte by byte, as the database compares them.
    static func == (left: BucketName, right: BucketName) -> Bool {
        left.kind.utf8.elementsEqual(right.kind.utf8) && left.bucket.utf8.elementsEqual(right.bucket.utf8)
    }
}

extension ObjectStorage {
    var bucketName: BucketName { BucketName(kind: kind, bucket: bucket) }
}

extension StorageReference {
    var bucketName: BucketName { BucketName(kind: kind, bucket: bucket) }
}
