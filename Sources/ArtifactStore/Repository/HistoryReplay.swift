internal import GRDB
internal import GRDBSQLite

/// Writes artifacts of an export by living through their history again: every rule of the schema is asked, and its
/// triggers append the events.
struct HistoryReplay {
    let db: Database
    let stored: StoredHistory

    init(_ db: Database) {
        self.db = db
        stored = StoredHistory(db)
    }

    static let selectByKey = "\(ArtifactRepository.selectForBegin) WHERE parentRunId = ? AND idempotencyKey = ?"

    /// - Parameter owner: Who made the first claim.
    /// - Throws: ``StoreError`` `conflict` when the run's idempotency key belongs to another artifact.
    func create(_ line: ArtifactLine, owner: String) throws {
        let artifact = line.artifact
        if let key = artifact.idempotencyKey, let other = try holder(of: key, artifact.parentRunId) {
            throw StoreError(
                .conflict, "the idempotency key of artifact \(artifact.artifactId) belongs to \(other) in this store",
                hint: "Nothing was imported. The two records tell of one image of one run: keep one of them.",
                artifactId: artifact.artifactId)
        }
        // An earlier claim's end is not in the record: it was over when the next one began.
        let end = artifact.claim.fencingToken == 1 ? artifact.claim.expiresAt : artifact.createdAt
        _ = try ArtifactRepository.insert(
            db,
            BeginningRequest(
                request: artifact.request, context: artifact.context, parentRunId: artifact.parentRunId,
                idempotencyKey: artifact.idempotencyKey, artifactId: artifact.artifactId, isRepeatable: true,
                owner: owner,
                claimDuration: .milliseconds(end.milliseconds - artifact.createdAt.milliseconds),
                fingerprint: line.requestFingerprint,
                extraParameters: artifact.request.extraParameters?.compactText,
                admission: .recorded(try admission(line))),
            at: artifact.createdAt)
    }

    /// Whether an artifact was deleted in this store.
    func isDeleted(_ id: ArtifactID) throws -> Bool {
        try ArtifactRepository.deletedAt(db, id) != nil
    }

    func takeOver(_ event: ArtifactEvent, expiresAt: Timestamp) throws {
        try PreparedStatement(db, ArtifactRepository.takeOver).run {
            $0.bind(event.claimOwner)
            $0.bind(event.occurredAt)
            $0.bind(expiresAt)
            $0.bind(event.artifactId.text)
        }
        try expectOneChange(event)
    }

    /// - Throws: ``StoreError`` `conflict` when the storage reference belongs to another artifact.
    func finish(_ event: ArtifactEvent, _ outcome: ArtifactOutcome) throws {
        do {
            let usage = outcome.usage?.providerUsage?.compactText
            try PreparedStatement(db, ArtifactRepository.finish).run {
                ArtifactRepository.bind(outcome, usage, at: event.occurredAt, to: &$0)
                $0.bind(event.artifactId.text)
                $0.bind(event.fencingToken)
                $0.bind(event.claimOwner)
            }
        } catch let error as StoreError where error.code == .invalidInput {
            throw try ArtifactRepository.takenReference(db, outcome) ?? error
        }
        try expectOneChange(event)
    }

    private func holder(of key: String, _ run: String) throws -> ArtifactID? {
        try PreparedStatement(db, Self.selectByKey).first({
            $0.bind(run)
            $0.bind(key)
        }) { ArtifactID(try $0.text(0)) }
    }

    private func expectOneChange(_ event: ArtifactEvent) throws(StoreError) {
        guard sqlite3_changes(db.sqliteConnection) == 1 else {
            throw .invalid(
                "the event", "found no such claim on \(event.artifactId)", hint: "Events and lines must agree.")
        }
    }
}

extension ArtifactRepository {
    /// Reads a store's whole history in one snapshot.
    func readHistory<Value: Sendable>(
        _ body: @escaping @Sendable (StoredHistory) throws -> Value
    ) async throws -> Value {
        try await database.read { db in try body(StoredHistory(db)) }
    }

    /// Writes history in one transaction, all of it or nothing.
    func replayHistory<Value: Sendable>(
        _ body: @escaping @Sendable (HistoryReplay) throws -> Value
    ) async throws -> Value {
        try await database.write(alone: true) { db in try body(HistoryReplay(db)) }
    }
}
