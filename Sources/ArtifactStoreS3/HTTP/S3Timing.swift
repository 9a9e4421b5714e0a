public import ArtifactStore

/// Everything about time and chance that calls to S3 need, so that tests can hold it in their hands.
public struct S3Timing: Sendable {
    /// The wall clock: what signatures state and what credentials expire by.
    public var now: @Sendable () -> Timestamp
    /// Time since some fixed moment, which no correction of the wall clock changes: what deadlines count by.
    public var elapsed: @Sendable () -> Duration
    /// Waits.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// A random number from 0 up to 1.
    public var random: @Sendable () -> Double

    /// Time and chance from their parts.
    public init(
        now: @escaping @Sendable () -> Timestamp, elapsed: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void, random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.elapsed = elapsed
        self.sleep = sleep
        self.random = random
    }

    private static let start = ContinuousClock.now

    /// The system's clocks and random numbers.
    public static let system = S3Timing(
        now: Timestamp.systemNow, elapsed: { start.duration(to: .now) }, sleep: { try await Task.sleep(for: $0) },
        random: { Double.random(in: 0..<1) })
}
