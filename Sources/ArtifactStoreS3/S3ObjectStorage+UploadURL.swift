public import ArtifactStore

extension S3ObjectStorage {
    /// A URL with which someone else stores an object of known type and digest under a key that holds nothing. It must
    /// be sent with exactly the headers in ``S3SignedURL/signedHeaders``, by which the service refuses other bytes.
    /// Nothing is sent.
    ///
    /// - Parameter sha256: Of the bytes to come, in lower-case hexadecimal.
    /// - Parameter seconds: How long it is valid, 1 to 604,800. Temporary credentials may end it earlier.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the digest is none or the validity is out of
    ///   range; `objectStorage` when there are no credentials; or what their provider throws.
    public func signedUploadURL(
        for key: ObjectKey, contentType: String, sha256: String, validForSeconds seconds: Int
    ) async throws -> S3SignedURL {
        try SHA256Hex.check(sha256, "sha256")
        let request = S3Request(
            .put, endpoint: configuration.endpoint, bucket: bucket, key: key.text,
            headers: [
                .init("content-type", contentType), .init("if-none-match", "*"),
                .init("x-amz-checksum-sha256", S3Client.checksum(sha256)),
            ])
        return try S3RequestSigner(credentials: try await client.currentCredentials(), region: configuration.region)
            .presign(request, at: client.http.timing.now(), validForSeconds: seconds)
    }
}
