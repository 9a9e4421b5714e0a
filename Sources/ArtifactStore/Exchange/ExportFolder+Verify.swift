extension ExportFolder {
    /// Reads everything in the export, and writes nothing: sizes, digests, every line, the history as a whole, and the
    /// objects with the artifacts they belong to.
    ///
    /// - Parameter storage: Where the objects would go; nil does not ask.
    /// - Throws: ``StoreError`` `invalidInput` naming file and line; `conflict` for an artifact whose reference leads
    ///   to another storage.
    func verify(for storage: (any ObjectStorage)?, _ progress: ProgressReporter) throws {
        progress.report(.checking, path)
        try forEachRevision { _ in }
        var history = try ExportHistory(self)
        var count: Int64 = 0
        try history.walk { _, _ in
            count += 1
            if count % 1_000 == 0 { progress.report(.checking, path) }
        }
        try checkObjectNames()
        guard var list = try ObjectList(self) else { return }
        while true {
            let items = try list.next(100)
            if items.isEmpty { return }
            for item in items {
                try storage?.check(holds: item.storage.reference, of: item.line.artifactId)
                _ = try object(item.line)
                progress.report(.checking, path)
            }
        }
    }
}

extension ObjectStorage {
    /// - Throws: ``StoreError`` `conflict` when the reference leads to another storage.
    func check(holds reference: StorageReference, of id: ArtifactID) throws(StoreError) {
        guard kind == reference.kind, bucket == reference.bucket else {
            throw StoreError(
                .conflict,
                "the bytes of artifact \(id) are in \(reference.kind):\(reference.bucket), and this store was opened "
                    + "with \(kind):\(bucket)",
                hint: "Open the store with that object storage, or leave the objects out.", artifactId: id,
                storage: reference)
        }
    }
}

extension StoreError {
    /// The same error, with the artifact it is about.
    func about(_ id: ArtifactID) -> StoreError {
        StoreError(
            code, "artifact \(id): \(message)", hint: hint, artifactId: id, storage: storage, holder: holder,
            underlyingCode: underlyingCode)
    }
}
