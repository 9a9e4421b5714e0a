internal import GRDB

extension ArtifactRepository {
    static let selectForDelete = """
        SELECT parentRunId, status, claimOwner, fencingToken, claimExpiresAt FROM artifact WHERE artifactId = ?
        """
    /// A trigger notes the object, and removes the artifact's rows.
    static let insertDeleted = """
        INSERT INTO event (kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken) \
        VALUES ('deleted', ?, ?, ?, ?, ?)
        """
    static let selectDeleted = "SELECT occurredAt FROM event WHERE artifactId = ? AND kind = 'deleted'"

    /// An artifact to be deleted, as somebody saw it.
    struct DeletionCandidate: Sendable {
        let artifactId: ArtifactID
        /// With which it must be found: whoever asked for failed ones does not mean one completed meanwhile.
        let status: ArtifactStatus
    }

    /// What one transaction deleted.
    struct Deletion: Sendable {
        var deletedCount = 0
        /// Those with a live claim.
        var held: [Claim] = []
        /// Objects to be removed now, held for whoever called.
        var removals: [ObjectRemoval] = []
    }

    /// Deletes artifacts in one transaction. One that is gone, or has another status by now, is passed over.
    ///
    /// - Parameter bucket: Whose objects the caller removes right afterwards; nil when it removes none.
    func delete(_ candidates: [DeletionCandidate], removingFrom bucket: BucketName?) async throws -> Deletion {
        try await database.write { [options] db in
            let now = options.now()
            let select = try PreparedStatement(db, Self.selectForDelete)
            let insert = try PreparedStatement(db, Self.insertDeleted)
            var deletion = Deletion()
            for candidate in candidates {
                let found = try select.first({ $0.bind(candidate.artifactId.text) }) { row in
                    (
                        status: try row.text(1),
                        claim: Claim(
                            artifactId: candidate.artifactId, parentRunId: try row.text(0), owner: try row.text(2),
                            fencingToken: row.int64(3), expiresAt: row.timestamp(4))
                    )
                }
                guard let (status, claim) = found, status == candidate.status.rawValue else { continue }
                if candidate.status == .pending, claim.expiresAt > now {
                    deletion.held.append(claim)
                    continue
                }
                try insert.run {
                    $0.bind(claim.artifactId.text)
                    $0.bind(claim.parentRunId)
                    $0.bind(now)
                    $0.bind(claim.owner)
                    $0.bind(claim.fencingToken)
                }
                deletion.deletedCount += 1
                if let bucket, let removal = try Self.hold(db, removalOf: claim.artifactId, in: bucket, at: now) {
                    deletion.removals.append(removal)
                }
            }
            return deletion
        }
    }

    /// When an artifact was deleted; nil when it was not.
    func deletedAt(_ id: ArtifactID) async throws -> Timestamp? {
        try await database.read { db in try Self.deletedAt(db, id) }
    }

    static func deletedAt(_ db: Database, _ id: ArtifactID) throws -> Timestamp? {
        try PreparedStatement(db, selectDeleted).first({ $0.bind(id.text) }) { $0.timestamp(0) }
    }
}

extension StoreError {
    static func deleted(_ id: ArtifactID, at moment: Timestamp) -> StoreError {
        StoreError(
            .notFound, "artifact \(id) was deleted on \(moment)",
            hint: "Its events are kept, its record is not; a backup from before has it.", artifactId: id)
    }
}
