internal import ArtifactStore

/// How often and how long a call is tried.
///
/// Retried are answers 408, 429, 500, 502, 503 and 504, S3's own codes for a moment's trouble, and connections that
/// failed or fell silent. Everything this package asks of S3 may be asked twice: what was stored by a lost answer is
/// recognised by its digest.
public struct S3RetryPolicy: Sendable, Hashable {
    /// How often a request is sent at most, 1 to 20.
    public var maximumAttempts = 6
    /// The longest first wait. Each wait is a random part of a limit that doubles ("full jitter"), so that clients
    /// which failed together do not come back together.
    public var firstDelay: Duration = .milliseconds(100)
    /// Where the doubling ends. A server's `Retry-After` may ask for more.
    public var longestDelay: Duration = .seconds(20)
    /// For one request and its answer.
    public var attemptTimeout: Duration = .seconds(60)
    /// For a whole call with all its requests and waits. No wait is begun that would pass it.
    public var deadline: Duration = .seconds(300)

    /// Six attempts, 100 ms to 20 s between them, 60 s each, 300 s for a call.
    public init() {}

    func validate() throws(StoreError) {
        guard (1...20).contains(maximumAttempts) else {
            throw StoreError(
                .invalidInput, "the S3 retry policy has \(maximumAttempts) attempts", hint: "Give 1 to 20.")
        }
        guard firstDelay >= .zero, longestDelay >= firstDelay, attemptTimeout > .zero, deadline > .zero else {
            throw StoreError(
                .invalidInput,
                "the S3 retry policy has a negative or empty duration, or a first delay above the longest",
                hint: "Give positive durations.")
        }
    }

    /// - Parameter attempt: The one that failed, from 1.
    func delay(afterAttempt attempt: Int, random: Double) -> Duration {
        var limit = firstDelay
        for _ in 1..<max(attempt, 1) where limit < longestDelay { limit *= 2 }
        return min(limit, longestDelay) * random
    }
}
