/// The first line of a plan: what was compared, when and how.
struct PlanHeader: Equatable, Sendable {
    static let format = "artifact-store-object-plan"
    static let version: Int64 = 1
    /// How long ago a comparison may have begun for its plan to be applied.
    static let longestAge = Duration.seconds(7 * 86_400)
    /// How long ago it may have begun to be gone on with: one that runs every night begins anew, and never says of today
    /// what it saw yesterday.
    static let longestPause = Duration.seconds(20 * 3600)

    /// Which history it was compared with: ``ArtifactRepository/historyMark()``.
    let store: String
    let lastEvent: Int64
    let bucket: BucketName
    let createdAt: Timestamp
    let gracePeriod: Duration
    let keepsQuarantined: Duration
    let readsBytes: Bool
    let pageSize: Int

    /// Whether an object stored, or a claim that ended, at a moment is old enough to be judged at another one.
    func isPastGrace(_ moment: Timestamp, at now: Timestamp) -> Bool {
        moment.advanced(by: gracePeriod) <= now
    }

    /// By the day in its key, and by the storage's clock where a move has a time of its own, as in S3: a wrong day alone
    /// deletes nothing.
    func isPastKeeping(_ key: QuarantinedKey, _ listed: ListedObject, at now: Timestamp) -> Bool {
        max(key.putAsideBefore, listed.modifiedAt).advanced(by: keepsQuarantined) <= now
    }

    func isYoung(at now: Timestamp) -> Bool {
        createdAt <= now && now <= createdAt.advanced(by: Self.longestAge)
    }

    func mayBeResumed(at now: Timestamp) -> Bool {
        createdAt <= now && now <= createdAt.advanced(by: Self.longestPause)
    }

    /// Whether a comparison that begins now would be the same one, begun later.
    func continues(_ other: PlanHeader) -> Bool {
        store == other.store && lastEvent <= other.lastEvent && bucket == other.bucket
            && gracePeriod == other.gracePeriod && keepsQuarantined == other.keepsQuarantined
            && readsBytes == other.readsBytes && pageSize == other.pageSize
    }

    var json: JSONValue {
        .object(fields: [
            ("format", .string(Self.format)),
            ("version", .integer(Self.version)),
            ("store", .string(store)),
            ("lastEvent", .integer(lastEvent)),
            ("kind", .string(bucket.kind)),
            ("bucket", .string(bucket.bucket)),
            ("createdAt", .string(createdAt.description)),
            ("gracePeriodMs", .integer(gracePeriod.wholeMilliseconds)),
            ("keepQuarantinedMs", .integer(keepsQuarantined.wholeMilliseconds)),
            ("bytesRead", .bool(readsBytes)),
            ("pageSize", .integer(pageSize)),
        ])
    }

    /// - Throws: ``StoreError`` `invalidInput`.
    static func parse(_ json: JSONValue) throws(StoreError) -> PlanHeader {
        guard json["format"]?.string == format else {
            throw .badPlan("does not begin as one", hint: "Name a plan that artifacts doctor wrote.")
        }
        guard json["version"]?.integer == version else {
            throw .badPlan(
                "was written by another version of this package", hint: "Make a new one: artifacts doctor.")
        }
        let fields = try JSONFields(
            json, "the plan",
            known: [
                "format", "version", "store", "lastEvent", "kind", "bucket", "createdAt", "gracePeriodMs",
                "keepQuarantinedMs", "bytesRead", "pageSize",
            ])
        guard let createdAt = try fields.moment("createdAt"), let readsBytes = fields.value("bytesRead")?.bool else {
            throw .badPlan("does not say when it was made", hint: "Make a new one: artifacts doctor.")
        }
        let pageSize = Int(clamping: try fields.requiredInteger("pageSize"))
        try ObjectPage.check(limit: pageSize)
        return PlanHeader(
            store: try fields.requiredText("store"), lastEvent: try fields.requiredInteger("lastEvent"),
            bucket: BucketName(kind: try fields.requiredText("kind"), bucket: try fields.requiredText("bucket")),
            createdAt: createdAt, gracePeriod: .milliseconds(try fields.requiredInteger("gracePeriodMs")),
            keepsQuarantined: .milliseconds(try fields.requiredInteger("keepQuarantinedMs")),
            readsBytes: readsBytes, pageSize: pageSize)
    }
}

/// How far a comparison has come.
struct PlanCheckpoint: Equatable, Sendable {
    enum Position: Equatable, Sendable {
        /// The next page of objects is the one behind this cursor.
        case objects(after: String?)
        /// All objects are done; the next artifact is the one behind this sequence.
        case artifacts(after: Int64)
    }

    var position = Position.objects(after: nil)
    var counts = ObjectCheckCounts()
}

/// A line of a plan behind its header.
enum PlanLine: Sendable {
    case finding(ObjectFinding)
    case checkpoint(PlanCheckpoint)
    /// The last but one.
    case summary(ObjectCheckCounts)
    /// The last one: the digest of all bytes before it.
    case end(sha256: String)

    var json: JSONValue {
        switch self {
        case .finding(let finding): return finding.json
        case .checkpoint(let checkpoint):
            let position: (String, JSONValue) =
                switch checkpoint.position {
                case .objects(let cursor): ("cursor", cursor.map { .string($0) } ?? .null)
                case .artifacts(let sequence): ("artifact", .integer(sequence))
                }
            return .object(fields: [("checkpoint", checkpoint.counts.json), position])
        case .summary(let counts): return .object(fields: [("summary", counts.json)])
        case .end(let digest): return .object(fields: [("sha256", .string(digest))])
        }
    }

    /// - Throws: ``StoreError`` `invalidInput`.
    static func parse(_ json: JSONValue) throws(StoreError) -> PlanLine {
        if let counts = json["checkpoint"] {
            let fields = try JSONFields(json, "the checkpoint", known: ["checkpoint", "cursor", "artifact"])
            var checkpoint = PlanCheckpoint(
                position: .objects(after: try fields.text("cursor")), counts: try ObjectCheckCounts(counts))
            if let sequence = try fields.integer("artifact") { checkpoint.position = .artifacts(after: sequence) }
            return .checkpoint(checkpoint)
        }
        if let counts = json["summary"] {
            _ = try JSONFields(json, "the summary", known: ["summary"])
            return .summary(try ObjectCheckCounts(counts))
        }
        if json["sha256"] != nil {
            return .end(sha256: try JSONFields(json, "the last line", known: ["sha256"]).requiredText("sha256"))
        }
        return .finding(try ObjectFinding(json))
    }
}

extension StoreError {
    static func badPlan(_ reason: String, hint: String = "Make a new one: artifacts doctor.") -> StoreError {
        .invalid("the plan", reason, hint: hint)
    }
}
