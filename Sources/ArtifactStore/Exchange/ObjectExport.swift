internal import Foundation

/// Copies the objects of all completed artifacts into an export.
struct ObjectExport: Sendable {
    let storage: any ObjectStorage
    let draft: FolderDraft
    let calls: FileSystemCalls
    let progress: ProgressReporter

    /// How many artifacts are read from the draft at once.
    private static let batchLength = 100

    /// - Parameter artifacts: The lines that were written.
    /// - Returns: The file of digests, and how many objects there are.
    /// - Throws: ``StoreError`` naming the artifact: `notFound`, `objectDamaged`, `objectStorage`, or `conflict` when
    ///   its bytes are in another storage.
    func copy(_ artifacts: ExportManifest.File) async throws -> (file: ExportManifest.File, fileCount: Int64) {
        let task = "export to \(draft.path)"
        var (reader, folder, lines) = try await BlockingWork.run {
            try StoreError.exchanging(task) {
                let file = try calls.open(artifacts.name, in: draft.root, O_RDONLY)
                _ = try calls.makeDirectory(ExportManifest.objectsFolder, in: draft.root)
                let folder = try calls.open(ExportManifest.objectsFolder, in: draft.root, O_RDONLY | O_DIRECTORY)
                try calls.setMode(0o700, of: folder)
                return (
                    LineReader(artifacts, file, calls), folder,
                    try LineWriter(ExportManifest.objectsName, in: draft.root, calls)
                )
            }
        }
        var fileCount: Int64 = 0
        while true {
            let (batch, further, isEnd) = try await BlockingWork.run { [reader] in
                try StoreError.exchanging(task) { try Self.batch(reader) }
            }
            reader = further
            for artifact in batch {
                let (line, isNew) = try await copy(artifact, to: folder)
                fileCount += isNew ? 1 : 0
                try StoreError.exchanging(task) { try lines.append(line.text) }
                progress.report(.exporting, "copying objects", lines.count, of: artifacts.count)
            }
            if isEnd { break }
        }
        let file = try await BlockingWork.run { [lines, folder] in
            try StoreError.exchanging(task) {
                var lines = lines
                try calls.sync(folder)
                return try lines.finish()
            }
        }
        return (file, fileCount)
    }

    private static func batch(_ reader: LineReader) throws -> ([GeneratedImageArtifact], LineReader, isEnd: Bool) {
        var reader = reader
        var batch: [GeneratedImageArtifact] = []
        while batch.count < batchLength {
            guard let line = try reader.next() else { return (batch, reader, true) }
            let parsed = try reader.value(of: line.bytes, number: line.number) {
                try ArtifactLine.parse($0)
            } text: {
                $0.text
            }
            if parsed.artifact.status == .completed { batch.append(parsed.artifact) }
        }
        return (batch, reader, false)
    }

    private func copy(
        _ artifact: GeneratedImageArtifact, to folder: OpenDescriptor
    ) async throws -> (ObjectLine, isNew: Bool) {
        guard let held = artifact.storage else { throw StoreError.noArtifact(artifact.artifactId) }
        try storage.check(holds: held.reference, of: artifact.artifactId)
        let bytes: Data
        do {
            bytes = try await storage.get(held.reference.objectKey, expecting: held.facts)
        } catch let error as StoreError {
            throw error.about(artifact.artifactId)
        }
        return try await BlockingWork.run {
            try StoreError.exchanging("copy the object of artifact \(artifact.artifactId)") {
                let line = ObjectLine(
                    artifactId: artifact.artifactId, byteCount: Int64(bytes.count), sha256: SHA256Hex.of(bytes))
                return (line, try write(bytes, line.sha256, to: folder))
            }
        }
    }

    /// - Returns: Whether no other artifact had these bytes.
    private func write(_ bytes: Data, _ sha256: String, to objects: OpenDescriptor) throws -> Bool {
        let place = ObjectLine.place(of: sha256)
        let isNew = try calls.makeDirectory(place.folder, in: objects)
        let folder = try calls.open(place.folder, in: objects, O_RDONLY | O_DIRECTORY)
        if isNew { try calls.setMode(0o700, of: folder) }
        let file: OpenDescriptor
        do {
            file = try calls.open(place.name, in: folder, O_WRONLY | O_CREAT | O_EXCL)
        } catch  where error.code == EEXIST {
            return false
        }
        try calls.setMode(0o600, of: file)
        try calls.writeAll(Array(bytes), to: file, at: 0)
        try calls.sync(file)
        try calls.sync(folder)
        return true
    }
}
