public import ArtifactStore

/// Which bucket, where, and how it is spoken to.
public struct S3Configuration: Sendable {
    /// The bucket's name: 3 to 63 characters. It must exist.
    public var bucket: String
    /// Such as `eu-central-1`; part of every signature.
    public var region: String
    public var endpoint: S3Endpoint
    public var retry = S3RetryPolicy()
    /// Objects of more bytes than this are sent in parts; 64 MiB unless told, at most 5 GiB.
    public var multipartThreshold = 67_108_864
    /// Bytes in one part; 16 MiB unless told, 5 MiB to 1 GiB. S3 takes no smaller ones but the last.
    public var partByteCount = 16_777_216
    /// How many parts of one object are sent at a time; 4 unless told, 1 to 32.
    public var parallelParts = 4

    /// A bucket at AWS, or at another service with an endpoint of its own.
    ///
    /// - Parameter endpoint: Nil for AWS in that region.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the region is none.
    public init(bucket: String, region: String, endpoint: S3Endpoint? = nil) throws(StoreError) {
        self.bucket = bucket
        self.region = region
        if let endpoint {
            self.endpoint = endpoint
        } else {
            // A dot in the bucket's name does not fit the certificate of virtual hosts.
            self.endpoint = try .aws(region: region, style: bucket.contains(".") ? .path : .virtualHost)
        }
    }

    func validate() throws(StoreError) {
        try S3Endpoint.check(region: region)
        try endpoint.check(bucket: bucket)
        try retry.validate()
        try Self.check(multipartThreshold, 1...5_368_709_120, "multipart threshold", "bytes")
        try Self.check(partByteCount, 5_242_880...1_073_741_824, "part size", "bytes")
        try Self.check(parallelParts, 1...32, "number of parallel parts", "parts")
    }

    private static func check(
        _ value: Int, _ range: ClosedRange<Int>, _ what: String, _ unit: String
    ) throws(StoreError) {
        guard range.contains(value) else {
            throw StoreError(
                .invalidInput, "the S3 \(what) is \(value)",
                hint: "Give \(range.lowerBound) to \(range.upperBound) \(unit).")
        }
    }
}
