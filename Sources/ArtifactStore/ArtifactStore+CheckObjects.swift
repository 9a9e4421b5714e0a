extension ArtifactStore {
    /// Compares a bucket with this store in both directions, and writes what it finds into a plan. Nothing else is
    /// changed: no object, and nothing in the database, which is only read, in transactions of one page each.
    ///
    /// Found are completed artifacts whose object is missing or has another size (with
    /// ``ObjectCheckOptions/readsBytes``, another SHA-256), and objects that no artifact refers to. A bucket may be
    /// shared: only what the history of this store leads to is ever given an action, and the rest is reported.
    ///
    /// The plan is a file of JSON lines that ``applyObjectPlan(at:in:maximumShare:progress:outcome:)`` takes. It is
    /// written beside its name, as `PATH.unfinished`, and gets it when it is whole; an earlier plan of that name is
    /// replaced. When the call is cancelled, fails, or its process dies, repeating it within seven days goes on behind
    /// the last page.
    ///
    /// - Parameters:
    ///   - storage: Which bucket; nil stands for the object storage this store was opened with.
    ///   - path: Where the plan goes. Nothing but a plan may have that name.
    ///   - options: Grace period, time in quarantine, and whether bytes are read.
    ///   - progress: Called after each page.
    /// - Throws: ``StoreError`` `readOnly` without object storage, `invalidInput` for options out of range, `conflict`
    ///   when the path is something else's, `busy` while another process makes this plan, `objectStorage`, `database`;
    ///   or `CancellationError`.
    public func checkObjects(
        in storage: (any ObjectStorage)? = nil, writingPlanTo path: String,
        options: ObjectCheckOptions = ObjectCheckOptions(),
        progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> ObjectCheckReport {
        try options.validate()
        return try await ObjectCheck(
            repository: repository, storage: try self.storage(or: storage), options: options,
            progress: ProgressReporter(progress)
        ).run(to: StorePath(path))
    }

    func storage(or given: (any ObjectStorage)?) throws(StoreError) -> any ObjectStorage {
        guard let storage = given ?? objects else {
            throw StoreError(
                .readOnly, "the store was opened without object storage",
                hint: "Open it with the object storage that has the objects.")
        }
        return storage
    }
}
