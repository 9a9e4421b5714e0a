/// Writes the history of an export into a store, in one transaction that the caller keeps or drops.
struct HistoryImport {
    let folder: ExportFolder
    let replay: HistoryReplay
    let progress: ProgressReporter

    struct Counts {
        /// Artifacts that were not there before.
        var imported: Int64 = 0
        /// The events they brought.
        var events: Int64 = 0
        /// Artifacts that were deleted here. They stay so.
        var deleted: Int64 = 0
        /// Catalogue revisions that were not there before.
        var revisions: Int64 = 0
    }

    /// - Throws: ``StoreError`` `conflict` when an artifact is there already and differs, or its idempotency key or
    ///   storage reference is another's; `invalidInput` naming the line that the schema refuses.
    func run() throws -> Counts {
        let before = try replay.stored.ends()
        var counts = Counts()
        let isEmpty = try replay.isEmpty()
        try folder.forEachRevision {
            if try replay.takeOver($0, intoEmptyStore: isEmpty) { counts.revisions += 1 }
        }
        var read: Int64 = 0
        // Artifacts that the store has, and those of their events that are still to come.
        var present: [ArtifactID: ArraySlice<ArtifactEvent>] = [:]
        var deleted: Set<ArtifactID> = []
        var history = try ExportHistory(folder)
        try history.walk { event, step in
            if case .created(let line) = step {
                read += 1
                if read % 100 == 0 {
                    progress.report(.importing, "importing", read, of: folder.manifest.artifacts.count)
                }
                if let stored = try replay.stored.line(of: event.artifactId) {
                    try Self.compare(line, with: stored)
                    try replay.addComputedCosts(line)
                    present[event.artifactId] = try replay.stored.events(of: event.artifactId)[...]
                } else if try replay.isDeleted(event.artifactId) {
                    deleted.insert(event.artifactId)
                    counts.deleted += 1
                } else {
                    try replay.create(line, owner: event.claimOwner)
                    counts.imported += 1
                }
            }
            if deleted.contains(event.artifactId) {
                if event.kind == .completed || event.kind == .failed { deleted.remove(event.artifactId) }
                return
            }
            if var left = present[event.artifactId] {
                guard let stored = left.popFirst(), stored.lineText.utf8.elementsEqual(event.lineText.utf8) else {
                    throw Self.otherHistory(event.artifactId)
                }
                present[event.artifactId] = event.kind == .completed || event.kind == .failed ? nil : left
                if present[event.artifactId] == nil, !left.isEmpty { throw Self.otherHistory(event.artifactId) }
                return
            }
            counts.events += 1
            switch step {
            case .created: break
            case .takenOver(let expiresAt): try replay.takeOver(event, expiresAt: expiresAt)
            case .finished(let line):
                let line = try line()
                guard let outcome = line.outcome else { throw Self.otherHistory(event.artifactId) }
                try replay.finish(event, outcome)
                try replay.addComputedCosts(line)
            }
        }
        if let (id, _) = present.first(where: { !$0.value.isEmpty }) { throw Self.otherHistory(id) }
        try compare(behind: before, counts)
        return counts
    }

    /// Reads what was written, and holds it to the export byte by byte.
    private func compare(behind before: (artifact: Int64, event: Int64), _ counts: Counts) throws {
        progress.report(.checking, folder.path)
        var artifacts = try Comparison(folder.lines(folder.manifest.artifacts))
        try replay.stored.forEachArtifact(after: before.artifact) { try artifacts.expect($0.text) }
        try artifacts.finish(counts.imported)
        var events = try Comparison(folder.lines(folder.manifest.events))
        try replay.stored.forEachEvent(after: before.event) { try events.expect($0.lineText) }
        try events.finish(counts.events)
    }

    /// Finds stored lines in a file, in their order; what stands between them was there before.
    private struct Comparison {
        private var reader: LineReader
        private var found: Int64 = 0

        init(_ reader: LineReader) {
            self.reader = reader
        }

        mutating func expect(_ text: String) throws {
            let expected = Array(text.utf8)
            while let line = try reader.next() {
                if line.bytes == expected {
                    found += 1
                    return
                }
            }
            throw mismatch()
        }

        /// Reads to the end, where the digest is compared: the file was not changed since it was verified.
        mutating func finish(_ count: Int64) throws {
            while try reader.next() != nil {}
            if found != count { throw mismatch() }
        }

        private func mismatch() -> StoreError {
            .badExport(reader.entry.name, "would come back otherwise: line \(found + 1) of what was imported differs")
        }
    }

    private static func compare(_ line: ArtifactLine, with stored: ArtifactLine) throws {
        // Costs that were computed anew, here or there, are no other artifact.
        let (line, stored) = (line.withoutComputedCosts, stored.withoutComputedCosts)
        guard !stored.text.utf8.elementsEqual(line.text.utf8) else { return }
        let id = line.artifact.artifactId
        let (exported, kept) = (line.artifact.status, stored.artifact.status)
        guard exported == kept else {
            throw conflict(
                "artifact \(id) is \(exported.rawValue) in the export and \(kept.rawValue) in this store", id)
        }
        let names = try differences(JSONParser.parse(line.text), JSONParser.parse(stored.text))
        throw conflict(
            "artifact \(id) has another \(names.joined(separator: ", ")) in the export than in this store", id)
    }

    /// The members that differ.
    private static func differences(_ left: JSONValue, _ right: JSONValue) throws -> [String] {
        let names = (left.members ?? []).map(\.name) + (right.members ?? []).map(\.name)
        var differing: [String] = []
        for name in names where !differing.contains(name) {
            let (one, other) = (left[name]?.compactText ?? "", right[name]?.compactText ?? "")
            if !one.utf8.elementsEqual(other.utf8) { differing.append(name) }
        }
        return differing
    }

    private static func otherHistory(_ id: ArtifactID) -> StoreError {
        conflict("artifact \(id) has other events in the export than in this store", id)
    }

    private static func conflict(_ message: String, _ id: ArtifactID) -> StoreError {
        StoreError(
            .conflict, message, hint: "Nothing was imported. Find out which of the two is right; both are kept.",
            artifactId: id)
    }
}
