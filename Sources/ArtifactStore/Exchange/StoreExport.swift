internal import Foundation

/// Writes an export: a draft folder, read back as an import would read it, then given its name.
struct StoreExport {
    let repository: ArtifactRepository
    /// Where the objects come from; nil leaves them out.
    let storage: (any ObjectStorage)?
    let progress: ProgressReporter

    private var calls: FileSystemCalls { repository.options.calls }

    func make(at target: StorePath) async throws -> ExportReport {
        let calls = calls
        let draft = try await BlockingWork.run {
            try target.refuseTaken()
            return try FolderDraft(for: target, calls)
        }
        do {
            let (artifacts, events, catalogue) = try await writeLines(to: draft)
            var objects: (file: ExportManifest.File, fileCount: Int64)?
            if let storage {
                objects = try await ObjectExport(storage: storage, draft: draft, calls: calls, progress: progress)
                    .copy(artifacts)
            }
            let manifest = ExportManifest(
                schemaVersion: repository.database.migration.toVersion, artifacts: artifacts, events: events,
                catalogue: catalogue, objects: objects?.file, objectFileCount: objects?.fileCount ?? 0)
            return try await finish(draft, manifest, target)
        } catch {
            // Also in a cancelled task.
            try? await BlockingWork.runToEnd { draft.discard() }
            throw error
        }
    }

    /// Artifacts and events in one snapshot, page by page.
    private func writeLines(
        to draft: FolderDraft
    ) async throws -> (
        artifacts: ExportManifest.File, events: ExportManifest.File, catalogue: ExportManifest.File?
    ) {
        let (calls, progress) = (calls, progress)
        @Sendable func writeCatalogue(
            _ history: StoredHistory, to draft: FolderDraft
        ) throws -> ExportManifest.File? {
            var lines: LineWriter?
            try history.forEachRevision {
                var writer = try lines ?? LineWriter(ExportManifest.catalogueName, in: draft.root, calls)
                try writer.append($0.text)
                lines = writer
            }
            return try lines?.finish()
        }
        return try await repository.readHistory { history in
            try StoreError.exchanging("export to \(draft.path)") {
                let total = try history.artifactCount()
                var artifacts = try LineWriter(ExportManifest.artifactsName, in: draft.root, calls)
                try history.forEachArtifact { line in
                    try artifacts.append(line.text)
                    if artifacts.count % 100 == 0 {
                        progress.report(.exporting, "exporting", artifacts.count, of: total)
                    }
                }
                var events = try LineWriter(ExportManifest.eventsName, in: draft.root, calls)
                try history.forEachEvent { try events.append($0.lineText) }
                return (try artifacts.finish(), try events.finish(), try writeCatalogue(history, to: draft))
            }
        }
    }

    private func finish(
        _ draft: FolderDraft, _ manifest: ExportManifest, _ target: StorePath
    ) async throws -> ExportReport {
        let (calls, progress) = (calls, progress)
        return try await BlockingWork.run {
            try StoreError.exchanging("export to \(draft.path)") {
                let file = try calls.open(ExportManifest.fileName, in: draft.root, O_WRONLY | O_CREAT | O_EXCL)
                try calls.setMode(0o600, of: file)
                try calls.writeAll(Array(manifest.text.utf8), to: file, at: 0)
                try calls.sync(file)
                try Self.readBack(draft, manifest, calls, progress)
                try draft.publish()
                return ExportReport(folder: target.text, manifest)
            }
        }
    }

    /// What cannot be read back is not published: the disk is at fault, or a program wrote to the store past its rules.
    private static func readBack(
        _ draft: FolderDraft, _ manifest: ExportManifest, _ calls: FileSystemCalls, _ progress: ProgressReporter
    ) throws {
        do {
            let folder = try ExportFolder(draft.path, newestSchema: manifest.schemaVersion, calls)
            try folder.verify(for: nil, progress)
        } catch let error as StoreError where error.code == .invalidInput {
            throw StoreError(
                .database, "the export does not read back: \(error.message)",
                hint: "Nothing was published. Another program wrote to the store past its rules, or the disk fails.",
                artifactId: error.artifactId)
        }
    }
}
