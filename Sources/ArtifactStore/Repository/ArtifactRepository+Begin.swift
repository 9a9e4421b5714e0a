internal import GRDB
internal import GRDBSQLite

/// Everything `begin` writes, checked and prepared before the writer's thread sees it.
struct BeginningRequest: Sendable {
    let request: GeneratedImageRequest
    let context: ArtifactContext
    let parentRunId: String
    let idempotencyKey: String?
    let artifactId: ArtifactID
    /// Whether the caller named the id: then a live claim of its own is given back to it.
    let isRepeatable: Bool
    let owner: String
    let claimDuration: Duration
    let fingerprint: String
    let extraParameters: String?
    let admission: AdmissionRule
}

extension ArtifactRepository {
    static let insertArtifact = """
        INSERT INTO artifact (artifactId, parentRunId, idempotencyKey, requestFingerprint, createdAt, \
        claimOwner, fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel, size, quality, background, \
        outputFormat, seed, extraParameters, skillVersion, promptVersion, templateVersion, imageGenerationSupport, \
        catalogueRevision) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    static let insertPart = """
        INSERT INTO promptPart (artifactSequence, position, role, source, version, text, textSha256) \
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    static let selectForBegin = """
        SELECT artifactId, parentRunId, idempotencyKey, requestFingerprint, status, claimOwner, fencingToken, \
        claimExpiresAt FROM artifact
        """
    static let takeOver = """
        UPDATE artifact SET claimOwner = ?, fencingToken = fencingToken + 1, claimedAt = max(?, createdAt), \
        claimExpiresAt = ? WHERE artifactId = ?
        """

    /// Creates the artifact, which fails at once where its model is not admitted; replays a finished one, or takes over one whose claim expired.
    ///
    /// - Throws: ``StoreError`` `conflict` when key or id belong to another request or the id's artifact was deleted,
    ///   `claimHeld` while another claim
    ///   is alive.
    func begin(_ beginning: BeginningRequest) async throws -> Beginning {
        try await database.write { [options] db in
            let now = options.now()
            guard let existing = try Self.existing(db, beginning) else {
                if beginning.isRepeatable, let deletedAt = try Self.deletedAt(db, beginning.artifactId) {
                    throw Self.deletedId(beginning.artifactId, deletedAt)
                }
                return try create(db, beginning, at: now)
            }
            guard
                existing.fingerprint == beginning.fingerprint, existing.parentRunId == beginning.parentRunId,
                !beginning.isRepeatable || existing.claim.artifactId == beginning.artifactId,
                existing.idempotencyKey.map({ Array($0.utf8) }) == beginning.idempotencyKey.map({ Array($0.utf8) })
            else { throw Self.conflict(existing, beginning) }
            guard existing.isPending else {
                guard let artifact = try Self.artifact(db, Self.selectById, { $0.bind(existing.claim.artifactId.text) })
                else { throw StoreError.noArtifact(existing.claim.artifactId) }
                return .replayed(artifact)
            }
            if existing.claim.expiresAt <= now {
                return .takenOver(try Self.takeOver(db, existing.claim, beginning, at: now))
            }
            if beginning.isRepeatable, existing.claim.owner == beginning.owner { return .created(existing.claim) }
            throw StoreError.held(existing.claim)
        }
    }

    private func create(_ db: Database, _ beginning: BeginningRequest, at now: Timestamp) throws -> Beginning {
        let (claim, admission) = try Self.insert(db, beginning, at: now)
        guard let failure = try refusal(db, of: beginning, admission) else { return .created(claim) }
        try Self.finish(db, claim, .failed(failure, nil, nil), at: now)
        guard let artifact = try Self.artifact(db, Self.selectById, { $0.bind(claim.artifactId.text) })
        else { throw StoreError.noArtifact(claim.artifactId) }
        return .refused(artifact)
    }

    private struct Existing {
        let claim: Claim
        let parentRunId: String
        let idempotencyKey: String?
        let fingerprint: String
        let isPending: Bool
    }

    private static func existing(_ db: Database, _ beginning: BeginningRequest) throws -> Existing? {
        func decode(_ row: PreparedStatement.Row) throws -> Existing {
            let run = try row.text(1)
            return Existing(
                claim: Claim(
                    artifactId: ArtifactID(try row.text(0)), parentRunId: run, owner: try row.text(5),
                    fencingToken: row.int64(6), expiresAt: row.timestamp(7)),
                parentRunId: run, idempotencyKey: try row.optionalText(2), fingerprint: try row.text(3),
                isPending: try row.text(4) == ArtifactStatus.pending.rawValue)
        }
        if let key = beginning.idempotencyKey {
            let found = try PreparedStatement(db, "\(selectForBegin) WHERE parentRunId = ? AND idempotencyKey = ?")
                .first(
                    {
                        $0.bind(beginning.parentRunId)
                        $0.bind(key)
                    }, decode)
            if let found { return found }
        }
        guard beginning.isRepeatable else { return nil }
        return try PreparedStatement(db, "\(selectForBegin) WHERE artifactId = ?")
            .first({ $0.bind(beginning.artifactId.text) }, decode)
    }

    static func insert(
        _ db: Database, _ beginning: BeginningRequest, at now: Timestamp
    ) throws -> (claim: Claim, admission: Admission?) {
        let admission = try admission(db, beginning)
        let expiresAt = now.advanced(by: beginning.claimDuration)
        let request = beginning.request
        let versions = beginning.context.versionContext
        try PreparedStatement(db, insertArtifact).run {
            $0.bind(beginning.artifactId.text)
            $0.bind(beginning.parentRunId)
            $0.bind(beginning.idempotencyKey)
            $0.bind(beginning.fingerprint)
            $0.bind(now)
            $0.bind(beginning.owner)
            $0.bind(now)
            $0.bind(expiresAt)
            $0.bind(request.prompt)
            $0.bind(request.model)
            $0.bind(request.size)
            $0.bind(request.quality)
            $0.bind(request.background)
            $0.bind(request.outputFormat)
            $0.bind(request.seed)
            $0.bind(beginning.extraParameters)
            $0.bind(versions.skillVersion)
            $0.bind(versions.promptVersion)
            $0.bind(versions.templateVersion)
            $0.bind(admission?.imageGenerationSupport.rawValue)
            $0.bind(admission?.catalogueRevision)
        }
        let parts = beginning.context.promptComposition
        if !parts.isEmpty {
            let sequence = sqlite3_last_insert_rowid(db.sqliteConnection)
            let statement = try PreparedStatement(db, insertPart)
            for (position, part) in parts.enumerated() {
                try statement.run {
                    $0.bind(sequence)
                    $0.bind(Int64(position))
                    $0.bind(part.role)
                    $0.bind(part.source)
                    $0.bind(part.version)
                    $0.bind(part.text)
                    $0.bind(part.textSha256)
                }
            }
        }
        let claim = Claim(
            artifactId: beginning.artifactId, parentRunId: beginning.parentRunId, owner: beginning.owner,
            fencingToken: 1, expiresAt: expiresAt)
        return (claim, admission)
    }

    private static func takeOver(
        _ db: Database, _ expired: Claim, _ beginning: BeginningRequest, at now: Timestamp
    ) throws -> Claim {
        let expiresAt = now.advanced(by: beginning.claimDuration)
        try PreparedStatement(db, takeOver).run {
            $0.bind(beginning.owner)
            $0.bind(now)
            $0.bind(expiresAt)
            $0.bind(expired.artifactId.text)
        }
        return Claim(
            artifactId: expired.artifactId, parentRunId: expired.parentRunId, owner: beginning.owner,
            fencingToken: expired.fencingToken + 1, expiresAt: expiresAt)
    }

    private static func deletedId(_ id: ArtifactID, _ moment: Timestamp) -> StoreError {
        StoreError(
            .conflict, "the id \(id) belongs to an artifact that was deleted on \(moment)",
            hint: "Ids are never given again: use a new one.", artifactId: id)
    }

    private static func conflict(_ existing: Existing, _ beginning: BeginningRequest) -> StoreError {
        let name = beginning.idempotencyKey.map { "the idempotency key \"\($0)\" of run \(beginning.parentRunId)" }
        return StoreError(
            .conflict,
            "\(name ?? "the id") belongs to artifact \(existing.claim.artifactId), which asked for something else",
            hint: "Use a new idempotency key for a new request.", artifactId: existing.claim.artifactId)
    }
}

extension StoreError {
    static func held(_ claim: Claim) -> StoreError {
        StoreError(
            .claimHeld, "artifact \(claim.artifactId) is claimed by \(claim.owner) until \(claim.expiresAt)",
            hint: "Wait for its result; after that moment beginning again takes it over.",
            artifactId: claim.artifactId,
            holder: StoreError.Holder(owner: claim.owner, expiresAt: claim.expiresAt))
    }

    static func noArtifact(_ id: ArtifactID) -> StoreError {
        StoreError(.notFound, "there is no artifact \(id)", hint: "Check the id and the database.", artifactId: id)
    }
}
