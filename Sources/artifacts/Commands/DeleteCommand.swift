internal import ArgumentParser
internal import ArtifactStore

struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete artifacts, and their images after them.",
        discussion: """
            Records go first, with a note of each image; then the images. What cannot be removed now waits, also when \
            the command is interrupted: --waiting goes on. Of a deleted artifact its events are left, and its id is not \
            given again. A pending one that somebody works on is never deleted.

            EXAMPLES
              artifacts delete art_01kf…
              artifacts delete --run run_8f3
              artifacts delete --older-than 90d --status failed --dry-run
              artifacts delete --waiting --objects s3://renders
            """)

    @Argument(help: "Ids of artifacts.") var ids: [String] = []
    @Option(help: ArgumentHelp("Those of this skill run.", valueName: "id")) var run: String?
    @Option(help: ArgumentHelp("Those created longer ago than this: 90d, 12h.", valueName: "time"))
    var olderThan: DurationArgument?
    @Option(help: "Of those, only this status.") var status: ArtifactStatus?
    @Flag(help: "Only images of artifacts that were deleted before.") var waiting = false
    @Flag(help: "List what would be deleted, and change nothing.") var dryRun = false
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup var objects: ObjectsOption

    func validate() throws {
        let isFiltered = run != nil || olderThan != nil
        guard (ids.isEmpty ? 0 : 1) + (isFiltered ? 1 : 0) + (waiting ? 1 : 0) == 1 else {
            throw ValidationError("say what to delete: ids, or --run and --older-than, or --waiting")
        }
        guard status == nil || isFiltered else {
            throw ValidationError("--status goes with --run or --older-than")
        }
        guard !dryRun || !waiting else { throw ValidationError("artifacts stats counts the images that wait") }
        if dryRun, format.format == .json {
            throw ValidationError("--dry-run prints page by page; use --format ndjson, csv or table with it")
        }
    }

    func run() async throws {
        let now = StoreOptions().now()
        let filter = ArtifactFilter(
            status: status, parentRunId: run,
            until: olderThan.map { now.advanced(by: .zero - $0.duration) })
        if dryRun { return try await list(filter, at: now) }
        let store = try await database.openForWriting()
        var report = try await deleteRecords(store, filter)
        try await removeObjects(store, &report.objects)
        let left = try await store.waitingRemovals()
        try await store.close()
        try Terminal.write(
            format.text(table: Self.text(report), document: report.json, columns: Self.columns))
        for waiting in left {
            let what = "\(waiting.count) in \(waiting.kind):\(Printable.text(waiting.bucket)) wait: "
            if let end = waiting.heldUntil, end > now {
                Terminal.note(
                    what + "another deletion is at them, or was stopped; from \(end) on --waiting tries again")
            } else {
                Terminal.note(what + "repeat with --waiting, and with --objects where they are")
            }
        }
        if let failure = report.objects.firstFailure {
            throw StoreError(
                .objectStorage, "\(report.objects.failedCount) images could not be removed: \(failure)",
                hint: "They wait: artifacts delete --waiting \(try database.argument()) tries again.")
        }
    }

    private func deleteRecords(_ store: ArtifactStore, _ filter: ArtifactFilter) async throws -> DeletionReport {
        if waiting { return DeletionReport() }
        guard !ids.isEmpty else {
            return try await Terminal.showingProgress { try await store.delete(where: filter, progress: $0) }
        }
        // All of them are looked up first: one that is misspelt, or being worked on, deletes none.
        let named = try await named(store)
        let now = StoreOptions().now()
        for artifact in named where artifact.status == .pending && artifact.claim.expiresAt > now {
            throw StoreError(
                .claimHeld,
                "artifact \(artifact.artifactId) is claimed by \(artifact.claim.owner) until \(artifact.claim.expiresAt)",
                hint: "Nothing was deleted. Leave it out, or wait for its result.")
        }
        var report = DeletionReport()
        for artifact in named { report.deletedCount += try await store.delete(artifact.artifactId).deletedCount }
        return report
    }

    /// The artifacts that ids name, each once.
    private func named(_ store: ArtifactStore) async throws -> [GeneratedImageArtifact] {
        var known: Set<ArtifactID> = []
        var artifacts: [GeneratedImageArtifact] = []
        for id in ids.map({ ArtifactID($0) }) where known.insert(id).inserted {
            artifacts.append(try await store.artifact(id))
        }
        return artifacts
    }

    /// Removes images wherever `--objects` reaches.
    private func removeObjects(_ store: ArtifactStore, _ report: inout ObjectRemovalReport) async throws {
        let path = try database.path()
        for waiting in try await store.waitingRemovals() {
            guard let storage = try objects.storage(kind: waiting.kind, bucket: waiting.bucket, besides: path) else {
                continue
            }
            report += try await Terminal.showingProgress {
                try await store.removeDeletedObjects(in: storage, progress: $0)
            }
        }
    }

    private func list(_ filter: ArtifactFilter, at now: Timestamp) async throws {
        let store = try await database.openForReading()
        var printer = ArtifactPrinter(format: format.format)
        var (count, claimed, bytes) = (0, 0, Int64(0))
        func show(_ artifacts: [GeneratedImageArtifact]) throws {
            let free = artifacts.filter { $0.status != .pending || $0.claim.expiresAt <= now }
            try Terminal.write(printer.text(free, document: .null))
            count += free.count
            claimed += artifacts.count - free.count
            bytes += free.reduce(0) { $0 + ($1.storage?.facts.byteCount ?? 0) }
        }
        if ids.isEmpty {
            for try await page in store.artifacts(where: filter, order: .oldestFirst) { try show(page.artifacts) }
        } else {
            try show(try await named(store))
        }
        try await store.close()
        Terminal.note(
            "would delete \(counted(count)) with \(bytes) bytes of images"
                + (claimed > 0 ? "; \(claimed) pending ones are being worked on and stay" : ""))
    }

    private static let columns = [
        "deletedCount", "claimedCount", "objects.removedCount", "objects.failedCount", "objects.firstFailure",
    ]

    private static func text(_ report: DeletionReport) -> String {
        var detail = DetailText()
        detail.line("deleted", "\(report.deletedCount)")
        if report.claimedCount > 0 { detail.line("being worked on", "\(report.claimedCount)") }
        detail.line("images removed", "\(report.objects.removedCount)")
        if report.objects.failedCount > 0 { detail.line("images waiting", "\(report.objects.failedCount)") }
        return detail.text
    }
}
