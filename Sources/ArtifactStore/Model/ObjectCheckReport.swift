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
