public import ArtifactStore

extension S3ObjectStorage {
    /// What a signed URL makes the service say about the object, in place of what it was stored with.
    public struct ResponseHeaders: Sendable, Hashable {
        /// Such as `attachment; filename="lighthouse.png"`.
        public var contentDisposition: String?
        /// Such as `image/png`.
        public var contentType: String?

        /// Nil leaves what the object was stored with.
        public init(contentDisposition: String? = nil, contentType: String? = nil) {
            self.contentDisposition = contentDisposition
            self.contentType = contentType
        }

        var query: [S3Request.Field] {
            var fields: [S3Request.Field] = []
            if let contentDisposition { fields.append(.init("response-content-disposition", contentDisposition)) }
            if let contentType { fields.append(.init("response-content-type", contentType)) }
            return fields
        }
    }

    /// A URL that reads an object, without asking whether there is one. Nothing is sent.
    ///
    /// - Parameter method: `get`, or `head` for its headers alone: one URL is good for one of them.
    /// - Parameter seconds: How long it is valid, 1 to 604,800. Temporary credentials may end it earlier.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the method writes or the validity is out of
    ///   range; `objectStorage` when there are no credentials; or what their provider throws.
    public func signedURL(
        _ method: S3Request.Method = .get, for key: ObjectKey, validForSeconds seconds: Int,
        response: ResponseHeaders = ResponseHeaders()
    ) async throws -> S3SignedURL {
        guard method == .get || method == .head else {
            throw StoreError(
                .invalidInput, "a signed URL for \(method.rawValue) was asked for as one that reads",
                hint: "Ask for get or head, or for an upload URL.")
        }
        return try await presign(method, key, seconds, query: response.query, headers: [])
    }

    /// A URL with which someone else stores an object of known type and digest under a key that holds nothing. It must
    /// be sent with exactly the headers in ``S3SignedURL/signedHeaders``, by which the service refuses other bytes.
    ///
    /// - Parameter sha256: Of the bytes to come, in lower-case hexadecimal.
    /// - Parameter seconds: How long it is valid, 1 to 604,800. Temporary credentials may end it earlier.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the digest is none or the validity is out of
    ///   range; `objectStorage` when there are no credentials; or what their provider throws.
    public func signedUploadURL(
        for key: ObjectKey, contentType: String, sha256: String, validForSeconds seconds: Int
    ) async throws -> S3SignedURL {
        try SHA256Hex.check(sha256, "sha256")
        return try await presign(
            .put, key, seconds, query: [],
            headers: [
                .init("content-type", contentType), .init("if-none-match", "*"),
                .init("x-amz-checksum-sha256", S3Client.checksum(sha256)),
            ])
    }

    private func presign(
        _ method: S3Request.Method, _ key: ObjectKey, _ seconds: Int, query: [S3Request.Field],
        headers: [S3Request.Field]
    ) async throws -> S3SignedURL {
        let signer = try S3RequestSigner(
            credentials: try await client.currentCredentials(), region: configuration.region)
        let request = S3Request(
            method, endpoint: configuration.endpoint, bucket: bucket, key: key.text, query: query, headers: headers)
        return try signer.presign(request, at: client.http.timing.now(), validForSeconds: seconds)
    }
}
