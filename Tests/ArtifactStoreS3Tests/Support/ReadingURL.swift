import ArtifactStore
import ArtifactStoreS3
import Foundation

extension S3ObjectStorage {
    /// A URL that reads an object, as `ArtifactStore` asks for it.
    func readingURL(
        _ method: SigningMethod = .get, of key: ObjectKey, validForSeconds seconds: Int64 = 60,
        signedAt: Timestamp = .systemNow(), disposition: String? = nil
    ) async throws -> String {
        let second = Timestamp(clamping: signedAt.milliseconds / 1000 * 1000)
        let expiresAt = second.advanced(by: .seconds(seconds))
        let credential = try await signingCredential(goodUntil: second)
        return try await url(
            for: URLSigning(
                key: key, method: method, disposition: disposition, contentType: "image/png",
                credentialId: credential.id, signedAt: second, expiresAt: expiresAt)
        ).absoluteString
    }
}
