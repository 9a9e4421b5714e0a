extension ArtifactStore {
    /// How many removals are held at once.
    private static let removalBatch = 500

    /// Removes the objects of deleted artifacts that are still there: those that could not be removed, or that a program
    /// which ended had no time for. Run it from time to time, in any process.
    ///
    /// It tries each object once; one that another process is removing at this moment is left to it.
    ///
    /// - Parameter storage: Whose objects; nil stands for the object storage this store was opened with.
    /// - Throws: ``StoreError`` `readOnly` also without object storage, `busy`, `outcomeUnknown` (run it again); or
    ///   `CancellationError`. What object storage throws is counted instead.
    @discardableResult
    public func removeDeletedObjects(
        in storage: (any ObjectStorage)? = nil, progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> ObjectRemovalReport {
        guard let objects = storage ?? objects else {
            throw StoreError(
                .readOnly, "the store was opened without object storage",
                hint: "Open it with the object storage that has the objects, or remove them yourself "
                    + "and say how: removeDeletedObjects(from:bucket:removing:).")
        }
        return try await removeAll(in: objects.bucketName, ProgressReporter(progress)) { try await objects.delete($0) }
    }

    /// The same for hosts that store bytes themselves.
    ///
    /// - Parameter remove: Removes one object; that there is none is no error. What it throws is noted, and the object
    ///   waits for the next try.
    /// - Throws: ``StoreError`` `readOnly`, `busy`, `outcomeUnknown` (run it again); or `CancellationError`.
    @discardableResult
    public func removeDeletedObjects(
        from kind: String, bucket: String, removing remove: @Sendable (ObjectKey) async throws -> Void
    ) async throws -> ObjectRemovalReport {
        try await removeAll(in: BucketName(kind: kind, bucket: bucket), ProgressReporter { _ in }) { keys in
            var failures: [ObjectKey: any Error] = [:]
            for key in keys {
                do {
                    try await remove(key)
                } catch {
                    try Task.checkCancellation()
                    failures[key] = error
                }
            }
            return failures
        }
    }

    /// How many objects of deleted artifacts are not removed yet, by storage and bucket.
    ///
    /// - Throws: ``StoreError`` `database`.
    public func waitingRemovals() async throws -> [WaitingRemovals] {
        try await repository.waitingRemovals()
    }

    private typealias Removing = (_ keys: [ObjectKey]) async throws -> [ObjectKey: any Error]

    private func removeAll(
        in bucket: BucketName, _ progress: ProgressReporter, _ remove: Removing
    ) async throws -> ObjectRemovalReport {
        var report = ObjectRemovalReport()
        var last: Int64 = 0
        while true {
            try Task.checkCancellation()
            let removals = try await repository.holdRemovals(in: bucket, after: last, limit: Self.removalBatch)
            guard let end = removals.last?.sequence else { return report }
            report += try await removeObjects(removals, remove)
            last = end
            progress.report(.removing, "removing images", Int64(report.removedCount))
        }
    }

    /// Removes objects that are held, and records what became of each.
    func removeObjects(_ removals: [ObjectRemoval]) async throws -> ObjectRemovalReport {
        guard let objects, !removals.isEmpty else { return ObjectRemovalReport() }
        return try await removeObjects(removals) { try await objects.delete($0) }
    }

    private func removeObjects(_ removals: [ObjectRemoval], _ remove: Removing) async throws -> ObjectRemovalReport {
        let keys = removals.map(\.key)
        var failures: [ObjectKey: any Error]
        do {
            failures = try await remove(keys)
        } catch let error as CancellationError {
            throw error
        } catch {
            failures = Dictionary(keys.map { ($0, error) }) { $1 }
        }
        var report = ObjectRemovalReport()
        let outcomes = removals.map { removal in
            let failure = failures[removal.key].map(Self.noted)
            if let failure {
                report.failedCount += 1
                report.firstFailure = report.firstFailure ?? failure
            } else {
                report.removedCount += 1
            }
            return (removal, failure)
        }
        try await repository.endRemovals(outcomes)
        return report
    }

    /// An error as the note of a removal keeps it: within the schema's bounds, whatever a host's storage says.
    private static func noted(_ error: any Error) -> String {
        let text = String(decoding: "\(error)".utf8.prefix(4096), as: UTF8.self)
        let isFit = (try? TextRule.check(text, "lastFailure", atMost: TextLimit.message)) != nil
        return isFit ? text : "an error whose text the store does not keep"
    }
}
