extension ArtifactStore {
    /// Exports all artifacts and their events as lines of JSON, while the store is in use.
    ///
    /// The export is one snapshot: a folder, for its owner alone, with a manifest that holds the SHA-256 of every file.
    /// It is read back as an import reads it before it gets its name, whole or not at all. Equal stores make equal
    /// bytes: nothing in it says when or where it was made. It holds no metadata of signed URLs.
    ///
    /// - Parameters:
    ///   - folder: Where it goes; nothing may have that name.
    ///   - withObjects: Whether the images are copied, too. They must all be in the storage this store was opened with.
    ///   - progress: Called often, from another thread.
    /// - Throws: ``StoreError`` `unsafePath`, `conflict` (the name is taken, or an artifact's bytes are in another
    ///   storage), `readOnly` with objects but without object storage, `notFound`, `objectDamaged` or `objectStorage`
    ///   naming the artifact, `database` when the disk is full or something in the store cannot be exported exactly.
    public func export(
        to folder: String, withObjects: Bool = false, progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> ExportReport {
        guard !withObjects || objects != nil else {
            throw StoreError(
                .readOnly, "the store was opened without object storage",
                hint: "Open it with object storage, or export without objects.")
        }
        return try await StoreExport(
            repository: repository, storage: withObjects ? objects : nil, progress: ProgressReporter(progress)
        ).make(at: StorePath(folder: folder))
    }
}
