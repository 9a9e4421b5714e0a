/// Work on a store that is not open: checked paths, a thread that may wait, and errors of one kind.
struct StoreMaintenance: Sendable {
    let path: StorePath
    let history: MigrationHistory
    let progress: ProgressReporter

    /// - Throws: ``StoreError`` `unsafePath` or `invalidInput`.
    init(
        _ path: String, _ options: StoreOptions = StoreOptions(),
        _ progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }, history: MigrationHistory = .embedded
    ) throws(StoreError) {
        try options.validate()
        self.path = try StorePath(path)
        self.history = history
        self.progress = ProgressReporter(progress)
    }

    /// - Throws: ``StoreError`` or `CancellationError`.
    func run<Value: Sendable>(_ work: @escaping @Sendable (StoreMaintenance) throws -> Value) async throws -> Value {
        try await BlockingWork.run {
            do {
                return try work(self)
            } catch {
                throw StoreError.mapping(error)
            }
        }
    }

    /// The path, where there is a store.
    ///
    /// - Throws: ``StoreError`` `notFound`, `unsafePath`, `notAnArtifactStore`.
    func existing() throws(StoreError) -> StorePath {
        guard try path.inspect() == .store else { throw StoreError.noStore(path) }
        return path
    }
}
