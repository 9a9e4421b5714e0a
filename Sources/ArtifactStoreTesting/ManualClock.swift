public import ArtifactStore
internal import Synchronization

/// A clock that moves only when told to.
public final class ManualClock: Sendable {
    private let moment: Mutex<Timestamp>

    /// A clock that stands at a moment; 2026-01-01T00:00:00.000Z unless another is given.
    public init(at moment: Timestamp = Timestamp(clamping: 1_767_225_600_000)) {
        self.moment = Mutex(moment)
    }

    /// Where the clock stands. Setting it may also turn it back, as a real one does when it is corrected.
    public var now: Timestamp {
        get { moment.withLock { $0 } }
        set { moment.withLock { $0 = newValue } }
    }

    /// Moves the clock forward, or back by a negative duration, held inside the range of ``Timestamp``.
    ///
    /// - Parameter duration: Whole milliseconds count; what is finer is cut.
    public func advance(by duration: Duration) {
        moment.withLock { $0 = $0.advanced(by: duration) }
    }
}
