extension ArtifactStore {
    /// How many artifacts one transaction deletes at most.
    private static let deletionBatch = 500

    /// Deletes one artifact: its record at once and durably, its object right after it.
    ///
    /// What is left is a tombstone, the artifact's events with a `deleted` one at their end. The id and the storage
    /// reference are never given again; the idempotency key is free. An object that cannot be removed now waits for
    /// ``removeDeletedObjects()``, and is no error here; nor is that the store was opened without the storage that has it.
    ///
    /// - Throws: ``StoreError`` `notFound` when there is none (any more), `claimHeld` while it is pending and somebody's
    ///   claim is alive, `readOnly`, `busy`, `outcomeUnknown` (repeat it: `notFound` then says it was done).
    @discardableResult
    public func delete(_ id: ArtifactID) async throws -> DeletionReport {
        let artifact = try await artifact(id)
        let deletion = try await repository.delete(
            [.init(artifactId: id, status: artifact.status)], removingFrom: objects?.bucketName)
        if let claim = deletion.held.first { throw StoreError.held(claim) }
        guard deletion.deletedCount > 0 else {
            // Finished or deleted since it was read; the second look says which.
            return try await delete(self.artifact(id).artifactId)
        }
        var report = DeletionReport()
        report.deletedCount = 1
        report.objects = try await removeObjects(deletion.removals)
        return report
    }

    /// Deletes every artifact a filter holds for, in batches that are durable one by one, oldest first.
    ///
    /// Pending artifacts whose claim is alive are left, and counted; so is what changed its status meanwhile. Stopping it
    /// anywhere loses nothing: repeating it goes on. To see beforehand what it would delete, list with the same filter.
    ///
    /// - Parameter progress: Called after each batch.
    /// - Throws: ``StoreError`` `invalidInput` when the filter has no condition, for that would delete everything;
    ///   `readOnly`, `busy`, `outcomeUnknown` (repeat it); or `CancellationError`.
    public func delete(
        where filter: ArtifactFilter, progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> DeletionReport {
        guard filter != ArtifactFilter() else {
            throw StoreError.invalid(
                "the filter", "has no condition", hint: "Say which artifacts to delete: without one, all of them are.")
        }
        let progress = ProgressReporter(progress)
        var report = DeletionReport()
        for try await page in artifacts(where: filter, order: .oldestFirst, pageSize: Self.deletionBatch) {
            try Task.checkCancellation()
            let candidates = page.artifacts.map {
                ArtifactRepository.DeletionCandidate(artifactId: $0.artifactId, status: $0.status)
            }
            let deletion = try await repository.delete(candidates, removingFrom: objects?.bucketName)
            report.deletedCount += deletion.deletedCount
            report.claimedCount += deletion.held.count
            report.objects += try await removeObjects(deletion.removals)
            progress.report(.deleting, "deleting", Int64(report.deletedCount))
        }
        return report
    }
}
