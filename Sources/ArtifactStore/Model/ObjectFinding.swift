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
