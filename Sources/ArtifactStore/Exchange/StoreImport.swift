internal import Foundation

/// Imports an export: everything is verified, then the objects are put, then all rows are written in one transaction.
struct StoreImport {
    let repository: ArtifactRepository
    let storage: (any ObjectStorage)?
    let progress: ProgressReporter

    func run(_ path: StorePath) async throws -> ImportReport {
        guard repository.database.writer != nil else {
            throw StoreError(.readOnly, "the store is open for reading only", hint: "Open it for writing.")
        }
        let (calls, progress, storage) = (repository.options.calls, progress, storage)
        let newest = repository.database.migration.toVersion
        let folder = try await BlockingWork.run {
            try StoreError.exchanging("read the export \(path.text)") {
                let folder = try ExportFolder(path.text, newestSchema: newest, calls)
                try folder.verify(for: storage, progress)
                return folder
            }
        }
        let objectCount = try await putObjects(folder)
        let counts = try await repository.replayHistory { replay in
            try StoreError.exchanging("read the export \(path.text)") {
                try HistoryImport(folder: folder, replay: replay, progress: progress).run()
            }
        }
        return ImportReport(
            importedCount: counts.imported,
            skippedCount: folder.manifest.artifacts.count - counts.imported - counts.deleted,
            deletedCount: counts.deleted, eventCount: counts.events, objectCount: objectCount,
            catalogueRevisionCount: counts.revisions)
    }

    /// Puts all objects, so that no artifact ever points to nothing. They stay when the import then fails: under keys
    /// that lead back to their artifacts, and the next import finds them.
    private func putObjects(_ folder: ExportFolder) async throws -> Int64? {
        guard let storage else { return nil }
        let task = "read the export \(folder.path)"
        guard var list = try await BlockingWork.run({ try StoreError.exchanging(task) { try ObjectList(folder) } })
        else { return nil }
        var count: Int64 = 0
        while true {
            let (items, further) = try await BlockingWork.run { [list] in
                var list = list
                return (try StoreError.exchanging(task) { try list.next(100) }, list)
            }
            list = further
            if items.isEmpty { return count }
            for item in items where try await repository.deletedAt(item.line.artifactId) == nil {
                let bytes = try await BlockingWork.run {
                    try StoreError.exchanging(task) { try folder.object(item.line) }
                }
                do {
                    try await storage.put(bytes, at: item.storage.reference.objectKey, sha256: item.line.sha256)
                } catch let error as StoreError {
                    throw error.about(item.line.artifactId)
                }
                count += 1
                progress.report(.importing, "putting objects", count, of: folder.manifest.objects?.count)
            }
        }
    }
}
