internal import GRDB

/// An object that is to be removed, held by whoever does it.
struct ObjectRemoval: Sendable {
    /// The order in which they were noted.
    let sequence: Int64
    let key: ObjectKey
    /// Whose hold it is: another one has another end.
    let heldUntil: Timestamp
}

/// The outbox of objects whose artifacts were deleted.
extension ArtifactRepository {
    /// While somebody tries, nobody knows how the last try failed.
    private static let holding = "UPDATE objectRemoval SET attempts = attempts + 1, lastFailure = NULL, heldUntil = ?1"
    static let holdRemoval = """
        \(holding) WHERE artifactId = ?2 AND storageKind = ?3 AND bucket = ?4 RETURNING sequence, objectKey, heldUntil
        """
    static let holdSomeRemovals = """
        \(holding) WHERE sequence IN (SELECT sequence FROM objectRemoval INDEXED BY objectRemovalWaiting \
        WHERE removedAt IS NULL AND storageKind = ?2 AND bucket = ?3 AND sequence > ?4 \
        AND (heldUntil IS NULL OR heldUntil NOT BETWEEN ?5 + 1 AND ?1) ORDER BY sequence LIMIT ?6) \
        RETURNING sequence, objectKey, heldUntil
        """
    /// One that is done is done, whoever did it; a failure ends one's own hold alone.
    static let endRemoval = """
        UPDATE objectRemoval SET removedAt = ?1, heldUntil = NULL, lastFailure = ?2 \
        WHERE sequence = ?3 AND removedAt IS NULL AND (?1 IS NOT NULL OR heldUntil = ?4)
        """
    static let countWaiting = """
        SELECT storageKind, bucket, count(*), max(heldUntil) FROM objectRemoval INDEXED BY objectRemovalWaiting \
        WHERE removedAt IS NULL AND storageKind > '' GROUP BY storageKind, bucket
        """

    /// How long nobody else removes what somebody began to remove: longer than a batch takes, with every retry.
    static let removalHold = Duration.seconds(900)

    /// Keeps others from an artifact's removal, for the caller to do it. Nil when it is none of that bucket's.
    static func hold(
        _ db: Database, removalOf id: ArtifactID, in bucket: BucketName, at now: Timestamp
    ) throws -> ObjectRemoval? {
        try PreparedStatement(db, holdRemoval).first(
            {
                $0.bind(now.advanced(by: removalHold))
                $0.bind(id.text)
                $0.bind(bucket.kind)
                $0.bind(bucket.bucket)
            }, removal)
    }

    /// Removals that nobody is at, behind a sequence, held for the caller.
    func holdRemovals(in bucket: BucketName, after sequence: Int64, limit: Int) async throws -> [ObjectRemoval] {
        try await database.write { [options] db in
            let now = options.now()
            var removals: [ObjectRemoval] = []
            try PreparedStatement(db, Self.holdSomeRemovals).forEachRow({
                $0.bind(now.advanced(by: Self.removalHold))
                $0.bind(bucket.kind)
                $0.bind(bucket.bucket)
                $0.bind(sequence)
                $0.bind(now)
                $0.bind(Int64(limit))
            }) { removals.append(try Self.removal($0)) }
            return removals.sorted { $0.sequence < $1.sequence }
        }
    }

    /// Records what became of removals that were held: the failure of each, nil for those that are done.
    func endRemovals(_ outcomes: [(removal: ObjectRemoval, failure: String?)]) async throws {
        try await database.write { [options] db in
            let now = options.now()
            let end = try PreparedStatement(db, Self.endRemoval)
            for outcome in outcomes {
                try end.run {
                    $0.bind(outcome.failure == nil ? now.milliseconds : nil)
                    $0.bind(outcome.failure)
                    $0.bind(outcome.removal.sequence)
                    $0.bind(outcome.removal.heldUntil)
                }
            }
        }
    }

    /// How many removals are not done, by storage and bucket.
    func waitingRemovals() async throws -> [WaitingRemovals] {
        try await database.read { db in try Self.waitingRemovals(db) }
    }

    static func waitingRemovals(_ db: Database) throws -> [WaitingRemovals] {
        var waiting: [WaitingRemovals] = []
        try PreparedStatement(db, countWaiting).forEachRow({ _ in }) { row in
            waiting.append(
                WaitingRemovals(
                    kind: try row.text(0), bucket: try row.text(1), count: Int(row.int64(2)),
                    heldUntil: row.optionalInt64(3).map(Timestamp.init(clamping:))))
        }
        return waiting
    }

    private static func removal(_ row: PreparedStatement.Row) throws -> ObjectRemoval {
        ObjectRemoval(
            sequence: row.int64(0), key: ObjectKey(trusted: try row.text(1)), heldUntil: row.timestamp(2))
    }
}
