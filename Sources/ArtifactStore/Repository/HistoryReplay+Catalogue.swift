internal import GRDB

/// What an export says of the catalogue: its revisions, and what artifacts have from them.
extension HistoryReplay {
    static let selectRevisionOfDigest =
        "SELECT revision FROM catalogueRevision WHERE sha256 = ? ORDER BY revision LIMIT 1"

    /// Takes over a catalogue revision. In an empty store it is what it was. Elsewhere it is adopted, unless the same is
    /// here already: kept for the artifacts that were admitted under it, and never in force.
    ///
    /// - Returns: Whether it was taken over.
    func takeOver(_ line: CatalogueLine, intoEmptyStore isEmpty: Bool) throws -> Bool {
        let isAdopted = !isEmpty || line.isAdopted
        if !isEmpty, try revision(of: line.sha256) != nil { return false }
        _ = try ArtifactRepository.insert(
            db, line.snapshot, line.sha256, from: line.source, at: line.importedAt, isAdopted: isAdopted)
        return true
    }

    /// Whether there is neither an artifact nor a catalogue.
    func isEmpty() throws -> Bool {
        try ArtifactRepository.catalogueRevisions(db).isEmpty && stored.ends().artifact == 0
    }

    private func revision(of sha256: String) throws -> Int64? {
        try PreparedStatement(db, Self.selectRevisionOfDigest).first({ $0.bind(sha256) }) { $0.int64(0) }
    }

    private func requiredRevision(of sha256: String) throws -> Int64 {
        guard let revision = try revision(of: sha256) else {
            throw StoreError.invalid(
                "catalogueSha256", "names a catalogue revision that the export does not have", hint: "Export again.")
        }
        return revision
    }

    func admission(_ line: ArtifactLine) throws -> Admission? {
        try line.admission.map {
            Admission(
                imageGenerationSupport: $0.support, catalogueRevision: try $0.catalogueSha256.map(requiredRevision))
        }
    }

    /// Writes the costs that were computed of a finished artifact, those behind the ones that are there; the triggers
    /// append their events. Where the store computed others since, its own stay.
    func addComputedCosts(_ line: ArtifactLine) throws {
        guard !line.computedCosts.isEmpty, let known = try stored.line(of: line.artifact.artifactId) else { return }
        let count = known.computedCosts.count
        guard count < line.computedCosts.count,
            zip(known.computedCosts, line.computedCosts).allSatisfy({ $0 == $1 })
        else { return }
        let sequence = known.artifact.sequence
        for computed in line.computedCosts.dropFirst(count) {
            try ArtifactRepository.insert(
                db,
                ComputedCost(
                    cost: computed.cost, catalogueRevision: try requiredRevision(of: computed.catalogueSha256),
                    computedAt: computed.computedAt), of: sequence)
        }
    }
}
