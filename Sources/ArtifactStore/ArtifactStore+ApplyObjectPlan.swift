extension ArtifactStore {
    /// Does what a plan of ``checkObjects(in:writingPlanTo:options:progress:)`` says, after looking at every item again.
    ///
    /// An object is touched when it is still there as the plan saw it, and this store's history still leads to it: one
    /// that nothing refers to, and nothing can complete with any more, is moved to `quarantine/<day>/<key>`; one that
    /// has been there for long enough is removed; one that an artifact refers to is moved back. After each move into
    /// quarantine the database is asked again. Nothing is removed that was not in quarantine before.
    ///
    /// The database is only read. Repeating a call that was interrupted is safe, and finishes it.
    ///
    /// - Parameters:
    ///   - path: A plan that is at most seven days old.
    ///   - storage: The bucket it was made for; nil stands for the object storage this store was opened with.
    ///   - maximumShare: How large a part of the bucket's objects may be moved or removed, 0 to 1. Ten objects always may.
    ///   - progress: Called after each page.
    ///   - outcome: Called for each item that has an action, in the order of the plan. What it throws ends the call.
    /// - Throws: ``StoreError`` `notFound` or `invalidInput` when the plan is missing, torn, was changed, is too old, or
    ///   another store's or bucket's; `conflict` when it would touch more than the share; all these before anything is
    ///   touched. `readOnly` without object storage, `objectStorage` when that is out of reach, `database`; or
    ///   `CancellationError`.
    public func applyObjectPlan(
        at path: String, in storage: (any ObjectStorage)? = nil, maximumShare: Double = 0.05,
        progress: @escaping @Sendable (StoreProgress) -> Void = { _ in },
        outcome: @escaping @Sendable (ObjectPlanOutcome) async throws -> Void = { _ in }
    ) async throws -> ObjectPlanReport {
        guard (0...1).contains(maximumShare) else {
            throw StoreError.invalid("maximumShare", "is \(maximumShare)", hint: "Give 0 to 1.")
        }
        return try await PlanApplication(
            repository: repository, storage: try self.storage(or: storage), maximumShare: maximumShare,
            progress: ProgressReporter(progress), outcome: outcome
        ).run(StorePath(path))
    }
}
