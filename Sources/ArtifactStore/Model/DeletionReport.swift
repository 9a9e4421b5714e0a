/// What became of objects whose artifacts were deleted.
public struct ObjectRemovalReport: Hashable, Sendable {
    /// How many are gone. One that was not there any more counts, too.
    public var removedCount = 0
    /// How many could not be removed; they wait for the next try.
    public var failedCount = 0
    /// Why the first of those could not be removed.
    public var firstFailure: String?

    /// Nothing yet.
    public init() {}

    /// Both together.
    public static func += (left: inout ObjectRemovalReport, right: ObjectRemovalReport) {
        left.removedCount += right.removedCount
        left.failedCount += right.failedCount
        left.firstFailure = left.firstFailure ?? right.firstFailure
    }
}

/// What a deletion did.
public struct DeletionReport: Hashable, Sendable {
    /// How many artifacts are gone, durably.
    public var deletedCount = 0
    /// How many were left because somebody's claim on them is alive.
    public var claimedCount = 0
    /// What became of the objects of those that are gone.
    public var objects = ObjectRemovalReport()

    /// Nothing yet.
    public init() {}
}
