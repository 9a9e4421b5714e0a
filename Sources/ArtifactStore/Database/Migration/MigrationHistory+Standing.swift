extension MigrationHistory {
    /// What a file's ledger says about it, in the light of this history.
    enum Standing: Equatable {
        case current
        /// The steps still to apply.
        case pending([Step])
    }

    /// One line of a store's ledger.
    struct Entry: Sendable, Equatable {
        let version: Int
        let name: String
        let chainHash: String
        let appliedAt: Timestamp
        let applicationVersion: String
        let durationMs: Int64
    }

    /// Compares a store's ledger with this history.
    ///
    /// - Throws: ``StoreError`` with code `storeTooNew` when the store is ahead, `schemaMismatch` when a step differs:
    ///   naming the file, what happened to it, and which side to change.
    func standing(of ledger: [Entry]) throws(StoreError) -> Standing {
        for (index, entry) in ledger.enumerated() {
            guard index < steps.count else { throw newer(entry) }
            let step = steps[index]
            guard entry.version == step.version, entry.name == step.name else {
                throw mismatch(Self.displacement(of: entry, at: index, steps, ledger), ledger)
            }
            guard entry.chainHash == step.chainHash else {
                throw mismatch("\(step.name) was edited: its content is not what this store was made with", ledger)
            }
        }
        return ledger.count == steps.count ? .current : .pending(Array(steps[ledger.count...]))
    }

    private func newer(_ entry: Entry) -> StoreError {
        StoreError(
            .storeTooNew,
            "the store is newer: it has schema version \(entry.version) (\(entry.name), written by version"
                + " \(entry.applicationVersion)); this build knows \(newestVersion)",
            hint: "Upgrade this program; the store was not touched.")
    }

    /// What became of the file that stands in the ledger at this place, where this history has another name.
    private static func displacement(of entry: Entry, at index: Int, _ steps: [Step], _ ledger: [Entry]) -> String {
        let step = steps[index]
        if entry.name == step.name { return "\(step.name) is version \(entry.version) there, and \(step.version) here" }
        let place = "this build has \(step.name) where the store has \(entry.name)"
        let isKnownHere = steps.contains { $0.name == entry.name }
        let isKnownThere = ledger.contains { $0.name == step.name }
        switch (isKnownHere, isKnownThere) {
        case (true, true): return "\(step.name) was reordered: \(place)"
        case (true, false): return "\(step.name) was inserted: \(place)"
        case (false, true): return "\(entry.name) was removed: \(place)"
        case (false, false):
            // The hash covers the name, so the same content under the name in the ledger tells a renamed file.
            let previous = index == 0 ? "" : steps[index - 1].chainHash
            let isSame = chainHash(after: previous, entry.name, Array(step.sql.utf8)) == entry.chainHash
            return isSame
                ? "\(entry.name) was renamed to \(step.name)" : "\(entry.name) was removed, and \(step.name) inserted"
        }
    }

    private func mismatch(_ what: String, _ ledger: [Entry]) -> StoreError {
        let writers = Set(ledger.map(\.applicationVersion)).sorted().joined(separator: ", ")
        return StoreError(
            .schemaMismatch, "the store has another history than this build: \(what)",
            hint: "Upgrade neither: this build's migrations are at fault. Use one with the history of version"
                + " \(writers), which wrote the store; nothing was touched.")
    }
}
