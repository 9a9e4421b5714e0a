/// Something that bucket and database disagree about, or that a person should know of.
public struct ObjectFinding: Hashable, Sendable {
    /// What it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A completed artifact's object is not there.
        case missingObject = "missing_object"
        /// A completed artifact's object has another number of bytes than its record.
        case sizeMismatch = "size_mismatch"
        /// A completed artifact's object has another SHA-256 than its record. Found only where bytes are read.
        case hashMismatch = "hash_mismatch"
        /// A completed artifact's object is there, and could not be read, twice. Found only where bytes are read.
        case unreadableObject = "unreadable_object"
        /// An object that a claim of this store left behind, and that nothing can refer to any more.
        case unreferencedObject = "unreferenced_object"
        /// An object of a pending artifact whose claim expired before the grace period: the artifact is to be swept first.
        case unfinishedObject = "unfinished_object"
        /// An object that nothing in this store leads to: another program's, or another store's. Never touched.
        case foreignObject = "foreign_object"
        /// An object that was put aside.
        case quarantinedObject = "quarantined_object"
        /// An object that was put aside, although an artifact refers to it.
        case restorableObject = "restorable_object"

        /// Whether an artifact's image cannot be shown.
        public var isDamage: Bool {
            switch self {
            case .missingObject, .sizeMismatch, .hashMismatch, .unreadableObject: true
            case .unreferencedObject, .unfinishedObject, .foreignObject, .quarantinedObject, .restorableObject: false
            }
        }
    }

    /// What applying the plan does about it.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        /// It is moved to `quarantine/<day>/<key>`.
        case quarantine
        /// It was in quarantine for long enough, and is removed.
        case delete
        /// It is moved back from quarantine.
        case restore
    }

    public let kind: Kind
    /// As it is in the bucket; of a missing object, where it should be.
    public let key: String
    /// Whose object it is or was.
    public var artifactId: ArtifactID?
    /// How many bytes are there; nil when there are none.
    public var byteCount: Int64?
    /// How many bytes the record says, when it does.
    public var recordedByteCount: Int64?
    /// When it was stored, by the storage's clock; nil where it was not listed.
    public var modifiedAt: Timestamp?
    /// Nil where nothing is done: people decide.
    public var action: Action?

    init(
        _ kind: Kind, _ key: String, _ artifactId: ArtifactID? = nil, byteCount: Int64? = nil,
        recordedByteCount: Int64? = nil, modifiedAt: Timestamp? = nil, action: Action? = nil
    ) {
        self.kind = kind
        self.key = key
        self.artifactId = artifactId
        self.byteCount = byteCount
        self.recordedByteCount = recordedByteCount
        self.modifiedAt = modifiedAt
        self.action = action
    }

    init(_ kind: Kind, _ object: ListedObject, _ artifactId: ArtifactID? = nil, action: Action? = nil) {
        self.init(
            kind, object.key, artifactId, byteCount: object.byteCount, modifiedAt: object.modifiedAt, action: action)
    }
}

/// What was looked at, and how much of what was found.
public struct ObjectCheckCounts: Hashable, Sendable {
    /// Objects in the bucket.
    public var objectCount = 0
    /// Objects that are too young to be judged, or belong to a live claim.
    public var recentCount = 0
    /// Objects of deleted artifacts that wait to be removed.
    public var removingCount = 0
    /// Completed artifacts whose object was looked up.
    public var artifactCount = 0
    /// Completed artifacts whose object is in another bucket: not looked up.
    public var elsewhereCount = 0
    /// Findings by what they are; a kind that was not found is not there.
    public var findings: [ObjectFinding.Kind: Int] = [:]
    /// Findings by what applying the plan does about them.
    public var actions: [ObjectFinding.Action: Int] = [:]

    /// Artifacts whose image cannot be shown.
    public var damageCount: Int { findings.reduce(0) { $0 + ($1.key.isDamage ? $1.value : 0) } }
    /// Objects that applying the plan takes away from where they are: moved into quarantine, or removed.
    public var takenCount: Int { (actions[.quarantine] ?? 0) + (actions[.delete] ?? 0) }

    mutating func add(_ finding: ObjectFinding) {
        findings[finding.kind, default: 0] += 1
        if let action = finding.action { actions[action, default: 0] += 1 }
    }
}

/// How bucket and database are compared.
public struct ObjectCheckOptions: Sendable {
    /// How long ago an object was stored, and its claim expired, before it can be unreferenced: an upload in flight is no
    /// orphan. 0 to 366 days.
    public var gracePeriod: Duration = .seconds(86_400)
    /// How long an object stays in quarantine before a plan removes it, counted from the end of the day it was put there.
    /// 0 to 3660 days.
    public var keepsQuarantined: Duration = .seconds(30 * 86_400)
    /// Whether every byte is read and compared with the recorded SHA-256.
    public var readsBytes = false
    /// Objects listed at a time.
    var pageSize = ObjectPage.largest

    /// The usual options.
    public init() {}

    func validate() throws(StoreError) {
        func check(_ duration: Duration, _ field: String, days: Int64) throws(StoreError) {
            guard (.zero ... .seconds(days * 86_400)).contains(duration) else {
                throw .invalid("options.\(field)", "is out of range", hint: "Give 0 to \(days) days.")
            }
        }
        try check(gracePeriod, "gracePeriod", days: 366)
        try check(keepsQuarantined, "keepsQuarantined", days: 3660)
    }
}

/// What a comparison of bucket and database led to.
public struct ObjectCheckReport: Sendable {
    /// Where the plan is.
    public let plan: String
    public let counts: ObjectCheckCounts
    /// Whether an earlier comparison that was interrupted was gone on with.
    public let wasResumed: Bool
    /// When the comparison began: what is said of a page was so at some moment since.
    public let beganAt: Timestamp
}
