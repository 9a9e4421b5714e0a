extension ArtifactStore {
    /// Imports an export: all of it, or nothing.
    ///
    /// The export is verified first, down to the last line. Then the objects are put, where it has some and this store
    /// was opened with object storage, and then every artifact lives through its events again in one transaction, so
    /// that all rules of the schema are asked. What was imported exports to the same bytes. Artifacts that are there
    /// already, the same in everything, are skipped: importing again changes nothing.
    ///
    /// Other writers wait meanwhile, those of other processes for their `busyTimeout` at most. Objects that were put
    /// before an import failed stay under the keys of their artifacts; importing again finds them.
    ///
    /// - Parameters:
    ///   - folder: The export.
    ///   - progress: Called often, from another thread.
    /// - Throws: ``StoreError`` `notFound`, `storeTooNew`, `invalidInput` naming file and line of an export that is not
    ///   what was exported, `conflict` or `objectExists` naming the artifact that differs from the one in the store,
    ///   `objectStorage`, `readOnly`, `busy`, `outcomeUnknown` (import again), `database`.
    public func importArtifacts(
        from folder: String, progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> ImportReport {
        try await StoreImport(repository: repository, storage: objects, progress: ProgressReporter(progress))
            .run(StorePath(folder: folder))
    }
}
