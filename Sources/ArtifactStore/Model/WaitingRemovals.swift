/// Objects of one storage whose artifacts were deleted, and which are still to be removed.
public struct WaitingRemovals: Hashable, Sendable {
    /// Which storage has them.
    public let kind: String
    /// Which bucket of it.
    public let bucket: String
    public let count: Int
    /// Until when somebody keeps others from some of them, because he removes them, or was interrupted at it.
    public let heldUntil: Timestamp?
}
