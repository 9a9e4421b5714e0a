extension ArtifactStore {
    /// A URL under which somebody may look at an artifact's image for a while.
    ///
    /// Within a window the answer is the same URL, byte for byte, so that browsers, CDNs and a provider's prompt cache
    /// can use it again: one that was signed before is handed out as long as `minRemaining` of it is left. What is kept
    /// is metadata; the URL is derived from it again. Losing the metadata loses nothing but that sameness.
    ///
    /// - Parameters:
    ///   - validFor: How long it works at most: 1 second to 7 days, cut to whole seconds. A credential that ends earlier
    ///     ends it earlier.
    ///   - minRemaining: How long it works at least: 0 to a second less than `validFor`; half of it unless told.
    ///   - disposition: Whether it is shown or saved. What could run scripts is always saved.
    /// - Throws: ``StoreError`` `notFound` (no such artifact, or none completed), `invalidInput` for times out of range
    ///   or a file name that no header takes, `conflict` when the bytes are in another storage than the store was opened
    ///   with, `objectStorage` when that storage signs nothing, or its credential ends before `minRemaining`;
    ///   `readOnly`, `busy`, `outcomeUnknown` (ask again).
    public func signedURL(
        for id: ArtifactID, validFor: Duration, minRemaining: Duration? = nil,
        disposition: ContentDisposition = .inline, method: SigningMethod = .get
    ) async throws -> SignedURL {
        let window = try SigningWindow(validFor: validFor, minRemaining: minRemaining)
        let artifact = try await artifact(id)
        let (storage, objects) = try storage(of: artifact)
        guard let signer = objects as? any URLSigningStorage else {
            throw StoreError(
                .objectStorage, "the \(objects.kind) storage \(objects.bucket) signs no URLs",
                hint: "Open the store with a storage that does.", artifactId: id)
        }
        let headers = try AnswerHeaders(disposition, of: id, contentType: storage.facts.contentType)
        func signed(with credential: SigningCredential) async throws -> SignedURL {
            let times = try await repository.signing(
                SigningRequest(artifactId: id, method: method, disposition: headers.disposition, window: window),
                credential)
            let url = try await signer.url(
                for: URLSigning(
                    key: storage.reference.objectKey, method: method, disposition: headers.disposition,
                    contentType: headers.contentType, credentialId: credential.id, signedAt: times.signedAt,
                    expiresAt: times.expiresAt))
            return SignedURL(
                url: url, artifactId: id, method: method, signedAt: times.signedAt, expiresAt: times.expiresAt,
                credentialId: credential.id)
        }
        // A second more, since an end is cut to whole seconds.
        let needed = repository.now().advanced(by: .milliseconds(window.minRemainingMs + 1000))
        let credential = try await signer.signingCredential(goodUntil: needed)
        do {
            return try await signed(with: credential)
        } catch let error as StoreError where error.code == .objectStorage {
            // Renewed between the two questions: what signs now is another credential.
            let renewed = try await signer.signingCredential(goodUntil: needed)
            guard renewed.id != credential.id else { throw error }
            return try await signed(with: renewed)
        }
    }

    /// Forgets signed URLs that have expired, in bounded batches, each durable by itself.
    ///
    /// - Returns: How many were forgotten.
    /// - Throws: ``StoreError`` `readOnly`, `busy`, `outcomeUnknown` (run it again).
    @discardableResult
    public func purgeSignedURLs() async throws -> Int {
        try await repository.purgeSignedURLs()
    }
}
