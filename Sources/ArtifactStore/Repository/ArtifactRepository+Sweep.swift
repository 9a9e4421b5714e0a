internal import GRDB

extension ArtifactRepository {
    static let sweepSome = """
        UPDATE artifact SET status = 'failed', completedAt = max(?1, createdAt), failureType = 'generation_failed', \
        failureMessage = 'claim ' || fencingToken || ' of ' || claimOwner || ' expired before a result was recorded', \
        failureRecoveryGuidance = ?2, failureRetryable = 1, failureAction = 'retry_later', failureProviderCode = ?3 \
        WHERE sequence IN (SELECT sequence FROM artifact INDEXED BY artifactByClaimExpiry \
        WHERE status = 'pending' AND claimExpiresAt <= ?1 LIMIT ?4) \
        RETURNING artifactId
        """

    private static let guidance = """
        The worker crashed, or the provider never answered. The provider may have made and billed the image: look it \
        up there, and for bytes under this artifact's object key, before beginning again with a new idempotency key.
        """

    /// Fails every pending artifact whose claim has expired, in batches of 500, each durable by itself.
    ///
    /// - Returns: The ids of the artifacts it failed.
    func sweep() async throws -> [ArtifactID] {
        let batchSize = 500
        var swept: [ArtifactID] = []
        while true {
            let batch = try await database.write { [options] db in
                var ids: [ArtifactID] = []
                try PreparedStatement(db, Self.sweepSome).forEachRow({
                    $0.bind(options.now())
                    $0.bind(Self.guidance)
                    $0.bind(Self.claimExpiredCode)
                    $0.bind(Int64(batchSize))
                }) { ids.append(ArtifactID(try $0.text(0))) }
                return ids
            }
            swept += batch
            if batch.count < batchSize { return swept }
        }
    }
}
