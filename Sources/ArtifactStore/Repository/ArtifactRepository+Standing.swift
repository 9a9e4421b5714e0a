internal import GRDB

/// What a store's history says of an object.
enum ObjectStanding: Equatable, Sendable {
    /// A completed artifact refers to it.
    case referenced(StoredObject)
    /// Its artifact was deleted, and it is noted to be removed.
    case beingRemoved
    /// A pending artifact's claim may still complete with it, before or after it expires.
    case claimed(ArtifactID, until: Timestamp)
    /// A claim of this store had this key, and no claim can complete with it any more.
    case released(ArtifactID)
    /// Nothing in this store leads to it.
    case foreign
}

/// A completed artifact's object as the record has it.
struct StoredObject: Equatable, Sendable {
    let sequence: Int64
    let artifactId: ArtifactID
    let reference: StorageReference
    let byteCount: Int64?
    let sha256: String?

    var facts: ImageFacts { ImageFacts(byteCount: byteCount, sha256: sha256) }
}

extension ArtifactRepository {
    static let selectStoredObject = """
        SELECT sequence, artifactId, byteCount, sha256 FROM artifact \
        WHERE objectKey = ? AND bucket = ? AND storageKind = ?
        """
    static let selectWaitingRemoval = """
        SELECT 1 FROM objectRemoval WHERE objectKey = ? AND bucket = ? AND storageKind = ? AND removedAt IS NULL
        """
    /// Every claim left an event with its token, which no deletion takes away.
    static let selectRunOfClaim = "SELECT parentRunId FROM event WHERE artifactId = ? AND fencingToken = ? LIMIT 1"
    static let selectOpenClaim = """
        SELECT claimExpiresAt FROM artifact WHERE artifactId = ? AND fencingToken = ? AND +status = 'pending'
        """
    static let selectStoredObjects = """
        SELECT sequence, artifactId, storageKind, bucket, objectKey, byteCount, sha256 \
        FROM artifact INDEXED BY artifactByStatus WHERE status = 'completed' AND sequence > ? ORDER BY sequence LIMIT ?
        """
    static let selectFirstEvent = """
        SELECT artifactId, parentRunId, occurredAt FROM event WHERE sequence > 0 ORDER BY sequence LIMIT 1
        """

    /// What is known of keys in a bucket, in their order and in one snapshot. This is the one place that knows what keeps
    /// an object.
    func standings(of keys: [String], in bucket: BucketName) async throws -> [ObjectStanding] {
        guard !keys.isEmpty else { return [] }
        return try await database.read { db in try keys.map { try Self.standing(db, of: $0, in: bucket) } }
    }

    /// What is known of one key.
    func standing(of key: String, in bucket: BucketName) async throws -> ObjectStanding {
        try await database.read { db in try Self.standing(db, of: key, in: bucket) }
    }

    private static func standing(_ db: Database, of key: String, in bucket: BucketName) throws -> ObjectStanding {
        func bind(_ arguments: inout PreparedStatement.Arguments) {
            arguments.bind(key)
            arguments.bind(bucket.bucket)
            arguments.bind(bucket.kind)
        }
        let object = try PreparedStatement(db, selectStoredObject).first(bind) { row in
            StoredObject(
                sequence: row.int64(0), artifactId: ArtifactID(try row.text(1)),
                reference: StorageReference(
                    kind: bucket.kind, bucket: bucket.bucket, objectKey: ObjectKey(trusted: key)),
                byteCount: row.optionalInt64(2), sha256: try row.optionalText(3))
        }
        if let object { return .referenced(object) }
        if try PreparedStatement(db, selectWaitingRemoval).first(bind, { _ in true }) != nil { return .beingRemoved }
        guard let claim = ClaimKey(key) else { return .foreign }
        func bindClaim(_ arguments: inout PreparedStatement.Arguments) {
            arguments.bind(claim.artifactId.text)
            arguments.bind(claim.fencingToken)
        }
        let run = try PreparedStatement(db, selectRunOfClaim).first(bindClaim) { try $0.text(0) }
        guard let run, claim.leads(from: key, toRun: run) else { return .foreign }
        if let expiry = try PreparedStatement(db, selectOpenClaim).first(bindClaim, { $0.timestamp(0) }) {
            return .claimed(claim.artifactId, until: expiry)
        }
        return .released(claim.artifactId)
    }

    /// Completed artifacts behind a sequence, in the order of their creation, wherever their objects are.
    func storedObjects(after sequence: Int64, limit: Int) async throws -> [StoredObject] {
        try await database.read { db in
            var objects: [StoredObject] = []
            try PreparedStatement(db, Self.selectStoredObjects).forEachRow({
                $0.bind(sequence)
                $0.bind(Int64(limit))
            }) { row in
                objects.append(
                    StoredObject(
                        sequence: row.int64(0), artifactId: ArtifactID(try row.text(1)),
                        reference: StorageReference(
                            kind: try row.text(2), bucket: try row.text(3),
                            objectKey: ObjectKey(trusted: try row.text(4))),
                        byteCount: row.optionalInt64(5), sha256: try row.optionalText(6)))
            }
            return objects
        }
    }

    /// What tells this history from another one, and how far it has come. Copies of a store share the first; a store that
    /// was put back to a backup has come less far.
    func historyMark() async throws -> (identity: String, lastEvent: Int64) {
        try await database.read { db in
            let first = try PreparedStatement(db, Self.selectFirstEvent).first { row in
                "\(try row.text(0))\u{0}\(try row.text(1))\u{0}\(row.int64(2))"
            }
            let last = try PreparedStatement(db, Self.lastEvent).first { $0.int64(0) }
            return (SHA256Hex.of((first ?? "").utf8), last ?? 0)
        }
    }
}
