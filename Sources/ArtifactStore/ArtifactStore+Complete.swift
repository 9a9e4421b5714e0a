public import Foundation

extension ArtifactStore {
    /// Stores an image's bytes and records the artifact as completed.
    ///
    /// Content type, width and height are read from the bytes' own header; the bytes are stored unchanged under
    /// ``Claim/objectKey``, synced, and only then recorded. Repeating the call with the same claim and bytes is safe.
    ///
    /// - Throws: ``StoreError`` `invalidInput` (no known image format), `objectStorage` and its kin with
    ///   ``StoreError/failure`` (the artifact stays pending: repeat the call, or give up and `fail` with that failure),
    ///   `claimLost` or `alreadyFinished` with ``StoreError/storage`` naming the stored bytes, `readOnly` without object
    ///   storage, `busy`, `outcomeUnknown`.
    public func complete(
        _ claim: Claim, storing bytes: Data, execution: ModelExecution, usage: Usage? = nil
    ) async throws {
        try execution.validateForCompletion()
        try usage?.validate()
        let facts = try ImageFacts.describing(bytes)
        let reference = try await store(bytes, facts, for: claim)
        try await finish(claim, .completed(ArtifactStorage(reference: reference, facts: facts), execution, usage))
    }

    /// Stores bytes durably under the claim's key.
    func store(_ bytes: Data, _ facts: ImageFacts, for claim: Claim) async throws -> StorageReference {
        guard let objects else {
            throw StoreError(
                .readOnly, "the store was opened without object storage",
                hint: "Open it with object storage, or complete with a storage reference.")
        }
        let key = claim.objectKey
        do {
            try await objects.put(bytes, at: key, sha256: facts.sha256 ?? SHA256Hex.of(bytes))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Self.storageFailure(error, claim)
        }
        return StorageReference(kind: objects.kind, bucket: objects.bucket, objectKey: key)
    }

    private static func storageFailure(_ error: any Error, _ claim: Claim) -> StoreError {
        var failed =
            (error as? StoreError)
            ?? StoreError(
                .objectStorage, "the storage threw \(type(of: error))", hint: "Repeat the call with the same claim.")
        failed.artifactId = claim.artifactId
        failed.failure = .artifactStorageFailed("the image could not be stored: \(failed.message)")
        return failed
    }

    /// Records the artifact as completed with bytes that the host has stored, durably, by itself.
    ///
    /// - Throws: ``StoreError`` `invalidInput`, `conflict` (another artifact has this reference), `claimLost` or
    ///   `alreadyFinished` with ``StoreError/storage``, `busy`, `outcomeUnknown`.
    public func complete(
        _ claim: Claim, at reference: StorageReference, facts: ImageFacts = ImageFacts(), execution: ModelExecution,
        usage: Usage? = nil
    ) async throws {
        try reference.validate()
        try facts.validate()
        try execution.validateForCompletion()
        try usage?.validate()
        try await finish(claim, .completed(ArtifactStorage(reference: reference, facts: facts), execution, usage))
    }

    /// Ends the artifact; whatever goes wrong keeps the reference to bytes that are stored already.
    func finish(_ claim: Claim, _ outcome: ArtifactOutcome) async throws {
        do {
            try await repository.finish(claim, outcome)
        } catch var error as StoreError {
            error.artifactId = claim.artifactId
            error.storage = error.storage ?? outcome.storage?.reference
            throw error
        }
    }
}
