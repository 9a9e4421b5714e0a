extension ArtifactStore {
    /// Backs the store up into one file, while it is in use.
    ///
    /// The backup is one snapshot, verified (integrity, foreign keys, schema, numbers of rows), synced, for its owner
    /// alone, and under its name whole or not at all. It holds no metadata of signed URLs. It is a store by itself:
    /// queries may open it. Objects are not part of it: copy them afterwards.
    ///
    /// - Parameters:
    ///   - file: Where it goes; nothing may have that name.
    ///   - progress: Called often, from another thread.
    /// - Throws: ``StoreError`` `unsafePath`, `conflict`, `schemaMismatch`, `database` when the store is damaged or the
    ///   disk is full.
    public func backUp(
        to file: String, progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> BackupReport {
        try await Self.backUp(at: repository.database.path.text, to: file, progress: progress)
    }

    /// Backs up a store that need not be open, nor of this build's schema version: an older one is backed up as it is.
    ///
    /// - Throws: As ``backUp(to:progress:)``; also `notFound`, `notAnArtifactStore`, `storeTooNew`.
    public static func backUp(
        at path: String, to file: String, progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> BackupReport {
        let target = try StorePath(file)
        return try await StoreMaintenance(path, StoreOptions(), progress).run { store in
            try StoreBackup(
                source: store.path, history: store.history, calls: FileSystemCalls(), progress: store.progress
            ).make(at: target)
        }
    }
}
