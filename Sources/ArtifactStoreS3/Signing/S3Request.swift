/// What is asked of S3, before it is signed. Everything in it is plain text: the signer encodes, once.
public struct S3Request: Sendable {
    /// The verbs that S3 signs.
    public enum Method: String, Sendable, CaseIterable {
        /// Reads an object or a list.
        case get = "GET"
        /// Reads an object's headers.
        case head = "HEAD"
        /// Stores an object or a part.
        case put = "PUT"
        /// Removes an object or a multipart upload.
        case delete = "DELETE"
        /// Starts or completes a multipart upload, or removes many objects.
        case post = "POST"
    }

    /// What the signature says about the body.
    public enum Payload: Sendable {
        /// Nothing: `UNSIGNED-PAYLOAD`. Presigned URLs always have it, since their body is not known yet.
        case unsigned
        /// The body's SHA-256 in lower-case hexadecimal.
        case sha256(String)
    }

    /// A name with its value, of the query or of a header.
    public struct Field: Sendable, Hashable {
        /// As given, not encoded.
        public let name: String
        /// As given, not encoded.
        public let value: String

        /// A name with its value.
        public init(_ name: String, _ value: String = "") {
            self.name = name
            self.value = value
        }
    }

    public var method: Method
    public var endpoint: S3Endpoint
    public var bucket: String
    /// The object's key as it is, not encoded; empty for requests about the bucket itself.
    public var key: String
    /// Parameters of the query, in any order and not encoded.
    public var query: [Field]
    /// Headers to send and to sign. `host` and the `x-amz-` headers that the signature needs are added by the signer.
    public var headers: [Field]
    public var payload: Payload

    /// A request from its parts.
    ///
    /// - Parameter key: Not encoded; empty for the bucket itself.
    public init(
        _ method: Method, endpoint: S3Endpoint, bucket: String, key: String = "", query: [Field] = [],
        headers: [Field] = [], payload: Payload = .unsigned
    ) {
        self.method = method
        self.endpoint = endpoint
        self.bucket = bucket
        self.key = key
        self.query = query
        self.headers = headers
        self.payload = payload
    }

    /// `host` and, where it is not the scheme's own, the port.
    var host: String { endpoint.host(forBucket: bucket) }

    /// The encoded path, which is also the canonical one: S3 alone among AWS services encodes once and normalises
    /// nothing.
    var path: String {
        let key = PercentEncoding.path(key)
        switch endpoint.style {
        case .virtualHost: return "/\(key)"
        case .path: return key.isEmpty ? "/\(PercentEncoding.path(bucket))" : "/\(PercentEncoding.path(bucket))/\(key)"
        }
    }
}
