extension ArtifactStore {
    /// Records an answer that is there already: as ``produceAll(_:for:idempotencyKey:context:claimDuration:isolation:generate:)``,
    /// but for admission. What the provider made is recorded whatever the catalogue says of the model; the artifacts
    /// say it, too (``GeneratedImageArtifact/admission``).
    ///
    /// - Returns: The artifacts, and whether they were there before: then nothing was written.
    /// - Throws: ``StoreError`` `invalidInput`, `conflict`, `claimHeld`, `claimLost`, `alreadyFinished`, `busy`,
    ///   `outcomeUnknown`, `readOnly`; `providerOutcomeUnknown` when the answer says so.
    public func record(
        _ answer: ProviderAnswer, to request: GeneratedImageRequest, for run: String, idempotencyKey: String? = nil,
        context: ArtifactContext = ArtifactContext()
    ) async throws -> (artifacts: [GeneratedImageArtifact], isReplay: Bool) {
        var isReplay = true
        let (first, further) = try await produceParts(request, run, idempotencyKey, context, nil, .answered) { _ in
            isReplay = false
            return answer
        }
        return ([first] + further, isReplay)
    }
}
