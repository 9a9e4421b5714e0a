internal import GRDB

/// Everything an export says of a store, read row by row in one snapshot.
struct StoredHistory {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    static let selectLine = """
        SELECT \(ArtifactRow.columns), requestFingerprint, claimedAt, extraParameters, providerUsage FROM artifact
        """
    static let selectLines = "\(selectLine) WHERE sequence > ? ORDER BY sequence"
    static let selectLineById = "\(selectLine) WHERE artifactId = ?"
    /// Of deleted artifacts nothing is exported: a reader could not tell what their events were about. That a cost was
    /// computed anew is told by the artifact's line.
    static let selectEvents = """
        SELECT \(ArtifactRepository.eventColumns) FROM event WHERE sequence > ? AND kind <> 'cost_recomputed' \
        AND EXISTS (SELECT 1 FROM artifact WHERE artifact.artifactId = event.artifactId) ORDER BY sequence
        """
    static let selectDigest = "SELECT sha256 FROM catalogueRevision WHERE revision = ?"
    static let lastArtifact = "SELECT sequence FROM artifact WHERE sequence > 0 ORDER BY sequence DESC LIMIT 1"

    /// Hands on the artifacts behind a sequence, in the order of their creation.
    func forEachArtifact(after sequence: Int64 = 0, _ body: (ArtifactLine) throws -> Void) throws {
        try forEachLine(Self.selectLines, { $0.bind(sequence) }, body)
    }

    /// Hands on the events behind a sequence, in their order, of artifacts that are there.
    func forEachEvent(after sequence: Int64 = 0, _ body: (ArtifactEvent) throws -> Void) throws {
        try PreparedStatement(db, Self.selectEvents).forEachRow({ $0.bind(sequence) }) {
            try body(try ArtifactRepository.event($0))
        }
    }

    func artifactCount() throws -> Int64 {
        try ArtifactStatus.allCases.reduce(0) { sum, status in
            try sum + (number(ArtifactRepository.countStatus) { $0.bind(status.rawValue) } ?? 0)
        }
    }

    /// Hands on the catalogue's revisions, in their order.
    func forEachRevision(_ body: (CatalogueLine) throws -> Void) throws {
        for revision in try ArtifactRepository.catalogueRevisions(db) {
            try body(
                CatalogueLine(
                    sha256: revision.sha256, source: revision.source, importedAt: revision.importedAt,
                    isAdopted: revision.isAdopted,
                    snapshot: CatalogueSnapshot(try ArtifactRepository.declarations(db, revision.revision))))
        }
    }

    /// The last sequences that artifacts and events have.
    func ends() throws -> (artifact: Int64, event: Int64) {
        (try number(Self.lastArtifact) ?? 0, try number(ArtifactRepository.lastEvent) ?? 0)
    }

    private func number(
        _ sql: String, _ bind: (inout PreparedStatement.Arguments) -> Void = { _ in }
    ) throws -> Int64? {
        try PreparedStatement(db, sql).first(bind) { $0.int64(0) }
    }

    func line(of id: ArtifactID) throws -> ArtifactLine? {
        var found: ArtifactLine?
        try forEachLine(Self.selectLineById, { $0.bind(id.text) }, { found = $0 })
        return found
    }

    func events(of id: ArtifactID) throws -> [ArtifactEvent] {
        var events: [ArtifactEvent] = []
        try PreparedStatement(db, ArtifactRepository.selectEventsOfArtifact).forEachRow({
            $0.bind(id.text)
            $0.bind(Int64(0))
            $0.bind(Int64.max)
        }) { events.append(try ArtifactRepository.event($0)) }
        return events.filter { $0.kind != .costRecomputed }
    }

    private func forEachLine(
        _ sql: String, _ bind: (inout PreparedStatement.Arguments) -> Void, _ body: (ArtifactLine) throws -> Void
    ) throws {
        let details = try ArtifactDetails(db)
        let digests = try PreparedStatement(db, Self.selectDigest)
        func digest(_ revision: Int64) throws -> String {
            try digests.first({ $0.bind(revision) }) { try $0.text(0) } ?? ""
        }
        try PreparedStatement(db, sql).forEachRow(bind) { row in
            let artifact = try ArtifactRow.decode(row, details)
            let next = ArtifactRow.count
            try Self.checkSpelling(
                artifact, "extraParameters", artifact.request.extraParameters, row.optionalText(next + 2))
            try Self.checkSpelling(artifact, "providerUsage", artifact.usage?.providerUsage, row.optionalText(next + 3))
            try body(
                ArtifactLine(
                    artifact: artifact, requestFingerprint: try row.text(next), claimedAt: row.timestamp(next + 1),
                    admission: try artifact.admission.map {
                        ($0.imageGenerationSupport, try $0.catalogueRevision.map(digest))
                    },
                    computedCosts: try details.computedCosts(of: artifact.sequence).map {
                        ($0.cost, try digest($0.catalogueRevision), $0.computedAt)
                    }))
        }
    }

    /// The database keeps JSON as text, and a line holds its value: only where this package spelled the text does the
    /// value lead back to it.
    private static func checkSpelling(
        _ artifact: GeneratedImageArtifact, _ column: String, _ value: JSONValue?, _ text: String?
    ) throws(StoreError) {
        guard (value?.compactText ?? "").utf8.elementsEqual((text ?? "").utf8) else {
            throw StoreError(
                .database, "\(column) of artifact \(artifact.artifactId) is not spelled as this package spells JSON",
                hint: "Another program wrote it, and no export would bring it back exactly: use artifacts backup.",
                artifactId: artifact.artifactId)
        }
    }
}
