extension ArtifactStore {
    /// Puts a verified copy of a backup at a path.
    ///
    /// A store that is there already gives way only when `replacing` is set, and only while nobody has it open; it is
    /// kept beside the path, byte for byte. The path names the old store or the restored one, each whole, whenever the
    /// power goes. A backup of an older schema version stays one: migrate it, or use the program that wrote it.
    ///
    /// - Parameters:
    ///   - backup: The backup, or any store.
    ///   - path: The database file.
    ///   - progress: Called often, from another thread.
    /// - Throws: ``StoreError`` `notFound` or what is wrong with the backup, `conflict` when there is a store, `busy`
    ///   when another connection has it open, `unsafePath`, `notAnArtifactStore`, `database`.
    public static func restore(
        _ backup: String, to path: String, replacing: Bool = false, options: StoreOptions = StoreOptions(),
        progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> RestoreReport {
        let backup = try StorePath(backup)
        return try await StoreMaintenance(path, options, progress).run { store in
            try StoreRestore(
                backup: backup, target: store.path, history: store.history, options: options, progress: store.progress
            ).run(replacing: replacing)
        }
    }
}
