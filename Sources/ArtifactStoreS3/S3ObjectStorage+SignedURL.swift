public import ArtifactStore
public import Foundation

/// URLs that read an object; ``ArtifactStore/ArtifactStore`` asks for them. Nothing is sent to the service.
extension S3ObjectStorage: URLSigningStorage {
    /// The access key id; with temporary credentials, and some of the session token's digest.
    public func signingCredential(goodUntil moment: Timestamp) async throws -> SigningCredential {
        let credentials = try await client.credentials(goodUntil: moment)
        return SigningCredential(id: credentials.signingId, expiresAt: credentials.expiresAt)
    }

    /// The presigned URL, which has the service say the content type and disposition that are signed with it.
    public func url(for signing: URLSigning) async throws -> URL {
        let credentials = try await client.currentCredentials()
        guard credentials.signingId == signing.credentialId else {
            throw StoreError(
                .objectStorage, "the S3 credentials \(signing.credentialId) are not in use any more",
                hint: "Sign again: \(credentials.signingId) signs now.")
        }
        var query: [S3Request.Field] = [.init("response-content-type", signing.contentType)]
        if let disposition = signing.disposition { query.append(.init("response-content-disposition", disposition)) }
        let request = S3Request(
            S3Request.Method(signing.method), endpoint: configuration.endpoint, bucket: bucket, key: signing.key.text,
            query: query)
        let signed = try S3RequestSigner(credentials: credentials, region: configuration.region).presign(
            request, at: signing.signedAt,
            validForSeconds: Int((signing.expiresAt.milliseconds - signing.signedAt.milliseconds) / 1000))
        // Another spelling would have another signature.
        guard let url = URL(string: signed.url.reveal()), url.absoluteString == signed.url.reveal() else {
            throw StoreError(
                .objectStorage, "no URL can be made for the object key \(signing.key)", hint: "Report this key.")
        }
        return url
    }
}

extension S3Request.Method {
    init(_ method: SigningMethod) {
        switch method {
        case .get: self = .get
        case .head: self = .head
        }
    }
}
