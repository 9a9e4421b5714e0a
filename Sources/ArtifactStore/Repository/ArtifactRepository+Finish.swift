internal import GRDB
internal import GRDBSQLite

/// How an artifact ends.
enum ArtifactOutcome: Sendable {
    case completed(ArtifactStorage, ModelExecution, Usage?)
    case failed(ArtifactFailure, ModelExecution?, Usage?)

    var storage: ArtifactStorage? {
        if case .completed(let storage, _, _) = self { storage } else { nil }
    }
    var failure: ArtifactFailure? {
        if case .failed(let failure, _, _) = self { failure } else { nil }
    }
    var execution: ModelExecution? {
        switch self {
        case .completed(_, let execution, _): execution
        case .failed(_, let execution, _): execution
        }
    }
    var usage: Usage? {
        switch self {
        case .completed(_, _, let usage), .failed(_, _, let usage): usage.flatMap { $0.isEmpty ? nil : $0 }
        }
    }
    var status: ArtifactStatus { failure == nil ? .completed : .failed }
}

extension ArtifactRepository {
    static let finish = """
        UPDATE artifact SET status = ?, completedAt = max(?, createdAt), \
        storageKind = ?, bucket = ?, objectKey = ?, contentType = ?, byteCount = ?, sha256 = ?, width = ?, height = ?, \
        provider = ?, imageGenerationMode = ?, underlyingImageModel = ?, hostedToolOutputType = ?, \
        providerRequestId = ?, revisedPrompt = ?, \
        inputTokens = ?, inputTextTokens = ?, inputImageTokens = ?, cachedInputTokens = ?, \
        cachedInputTextTokens = ?, cachedInputImageTokens = ?, cacheWriteInputTokens = ?, outputTokens = ?, \
        outputTextTokens = ?, outputImageTokens = ?, totalTokens = ?, imageCount = ?, durationMs = ?, \
        costMicros = ?, costCurrency = ?, providerUsage = ?, includedInArtifactId = ?, \
        failureType = ?, failureMessage = ?, failureRecoveryGuidance = ?, failureRetryable = ?, \
        failureRetryAfter = ?, failureAction = ?, failureProviderCode = ? \
        WHERE artifactId = ? AND status = 'pending' AND fencingToken = ? AND claimOwner = ?
        """
    static let heartbeat = """
        UPDATE artifact SET claimExpiresAt = max(claimExpiresAt, ?) \
        WHERE artifactId = ? AND status = 'pending' AND fencingToken = ? AND claimOwner = ? RETURNING claimExpiresAt
        """

    static let selectHolder =
        "SELECT artifactId FROM artifact WHERE objectKey = ? AND bucket = ? AND storageKind = ?"
    static let selectFormerHolder =
        "SELECT artifactId FROM objectRemoval WHERE objectKey = ? AND bucket = ? AND storageKind = ?"

    /// The provider code of artifacts that `sweep` failed.
    static let claimExpiredCode = "claim_expired"

    /// Ends the claimed artifact. The same outcome again, by the same claim, succeeds and changes nothing.
    ///
    /// - Throws: ``StoreError`` `claimLost`, `alreadyFinished` or `conflict` with the outcome's storage reference,
    ///   `notFound`.
    func finish(_ claim: Claim, _ outcome: ArtifactOutcome) async throws {
        try await database.write { [options] db in try Self.finish(db, claim, outcome, at: options.now()) }
    }

    static func finish(_ db: Database, _ claim: Claim, _ outcome: ArtifactOutcome, at now: Timestamp) throws {
        let usageText = outcome.usage?.providerUsage?.compactText
        do {
            try PreparedStatement(db, finish).run {
                bind(outcome, usageText, at: now, to: &$0)
                $0.bind(claim.artifactId.text)
                $0.bind(claim.fencingToken)
                $0.bind(claim.owner)
            }
        } catch let error as StoreError where error.code == .invalidInput {
            throw try takenReference(db, outcome) ?? error
        }
        if sqlite3_changes(db.sqliteConnection) == 0 {
            try explain(db, claim, outcome)
        } else {
            try computeCost(db, of: claim.artifactId, outcome, at: now)
        }
    }

    /// Renews a claim from now on; it never gets shorter.
    ///
    /// - Throws: ``StoreError`` `claimLost`, `alreadyFinished` or `notFound`.
    func heartbeat(_ claim: Claim, for duration: Duration) async throws -> Claim {
        try await database.write { [options] db in
            let expiresAt = try PreparedStatement(db, Self.heartbeat).first({
                $0.bind(options.now().advanced(by: duration))
                $0.bind(claim.artifactId.text)
                $0.bind(claim.fencingToken)
                $0.bind(claim.owner)
            }) { $0.timestamp(0) }
            guard let expiresAt else {
                try Self.explain(db, claim, nil)
                throw StoreError.noArtifact(claim.artifactId)
            }
            return Claim(
                artifactId: claim.artifactId, parentRunId: claim.parentRunId, owner: claim.owner,
                fencingToken: claim.fencingToken, expiresAt: expiresAt)
        }
    }

    /// The reason of a refused row, if it is that another artifact has the storage reference, or had it.
    static func takenReference(_ db: Database, _ outcome: ArtifactOutcome) throws -> StoreError? {
        guard let reference = outcome.storage?.reference else { return nil }
        func holder(_ sql: String) throws -> String? {
            try PreparedStatement(db, sql).first({
                $0.bind(reference.objectKey.text)
                $0.bind(reference.bucket)
                $0.bind(reference.kind)
            }) { try $0.text(0) }
        }
        let place = "\(reference.kind):\(reference.bucket)/\(reference.objectKey)"
        if let other = try holder(selectHolder) {
            return StoreError(
                .conflict, "\(place) belongs to artifact \(other)", hint: "Store each image under a key of its own.",
                storage: reference)
        }
        guard let other = try holder(selectFormerHolder) else { return nil }
        return StoreError(
            .conflict, "\(place) belonged to artifact \(other), which was deleted",
            hint: "References are never given again: store each image under a key of its own.", storage: reference)
    }

    /// Says why no pending artifact has this claim; returns when the artifact already has this very outcome.
    private static func explain(_ db: Database, _ claim: Claim, _ outcome: ArtifactOutcome?) throws {
        let storage = outcome?.storage?.reference
        guard let artifact = try artifact(db, selectById, { $0.bind(claim.artifactId.text) }) else {
            var error =
                try deletedAt(db, claim.artifactId).map { StoreError.deleted(claim.artifactId, at: $0) }
                ?? StoreError.noArtifact(claim.artifactId)
            error.storage = storage
            throw error
        }
        let isSameClaim =
            artifact.claim.fencingToken == claim.fencingToken
            && artifact.claim.owner.utf8.elementsEqual(claim.owner.utf8)
        if isSameClaim, let outcome, has(artifact, outcome) { return }
        let keep = storage.map { " Its bytes are kept at \($0.kind):\($0.bucket)/\($0.objectKey)." } ?? ""
        if isSameClaim, artifact.failure?.providerCode != claimExpiredCode {
            throw StoreError(
                .alreadyFinished, "artifact \(claim.artifactId) is \(artifact.status.rawValue) already",
                hint: "Its record is final; begin another artifact for another result.\(keep)",
                artifactId: claim.artifactId, storage: storage)
        }
        let reason =
            isSameClaim
            ? "the claim expired and was swept"
            : "\(artifact.claim.owner) took it over with fencing token \(artifact.claim.fencingToken)"
        throw StoreError(
            .claimLost, "claim \(claim.fencingToken) on artifact \(claim.artifactId) is lost: \(reason)",
            hint: "The result was not recorded. Begin a new artifact to record it.\(keep)",
            artifactId: claim.artifactId, storage: storage,
            holder: artifact.status == .pending
                ? StoreError.Holder(owner: artifact.claim.owner, expiresAt: artifact.claim.expiresAt) : nil)
    }

    private static func has(_ artifact: GeneratedImageArtifact, _ outcome: ArtifactOutcome) -> Bool {
        artifact.status == outcome.status && artifact.storage == outcome.storage
            && artifact.failure == outcome.failure && artifact.modelExecution == outcome.execution
            && artifact.usage == outcome.usage
    }

    static func bind(
        _ outcome: ArtifactOutcome, _ usageText: String?, at now: Timestamp,
        to arguments: inout PreparedStatement.Arguments
    ) {
        arguments.bind(outcome.status.rawValue)
        arguments.bind(now)
        let storage = outcome.storage
        arguments.bind(storage?.reference.kind)
        arguments.bind(storage?.reference.bucket)
        arguments.bind(storage?.reference.objectKey.text)
        arguments.bind(storage?.facts.contentType)
        arguments.bind(storage?.facts.byteCount)
        arguments.bind(storage?.facts.sha256)
        arguments.bind(storage?.facts.width)
        arguments.bind(storage?.facts.height)
        let execution = outcome.execution
        arguments.bind(execution?.provider)
        arguments.bind(execution?.imageGenerationMode?.rawValue)
        arguments.bind(execution?.underlyingImageModel)
        arguments.bind(execution?.hostedToolOutputType)
        arguments.bind(execution?.providerRequestId)
        arguments.bind(execution?.revisedPrompt)
        bind(outcome.usage, usageText, to: &arguments)
        let failure = outcome.failure
        arguments.bind(failure?.type.rawValue)
        arguments.bind(failure?.message)
        arguments.bind(failure?.recoveryGuidance)
        arguments.bind(failure.map { $0.retryable ? Int64(1) : 0 })
        arguments.bind(failure?.retryAfter)
        arguments.bind(failure?.action.rawValue)
        arguments.bind(failure?.providerCode)
    }

    private static func bind(
        _ usage: Usage?, _ usageText: String?, to arguments: inout PreparedStatement.Arguments
    ) {
        arguments.bind(usage?.inputTokens)
        arguments.bind(usage?.inputTextTokens)
        arguments.bind(usage?.inputImageTokens)
        arguments.bind(usage?.cachedInputTokens)
        arguments.bind(usage?.cachedInputTextTokens)
        arguments.bind(usage?.cachedInputImageTokens)
        arguments.bind(usage?.cacheWriteInputTokens)
        arguments.bind(usage?.outputTokens)
        arguments.bind(usage?.outputTextTokens)
        arguments.bind(usage?.outputImageTokens)
        arguments.bind(usage?.totalTokens)
        arguments.bind(usage?.imageCount)
        arguments.bind(usage?.durationMs)
        arguments.bind(usage?.cost?.micros)
        arguments.bind(usage?.cost?.currency)
        arguments.bind(usageText)
        arguments.bind(usage?.includedInArtifactId?.text)
    }
}
