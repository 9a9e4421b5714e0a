/// How long a signed URL may work at most, and must work at least.
struct SigningWindow: Sendable, Equatable {
    let validForMs: Int64
    let minRemainingMs: Int64

    /// The longest that Signature Version 4 allows.
    private static let longest = Duration.seconds(7 * 86_400)

    /// - Parameter minRemaining: Nil for half of what can remain.
    /// - Throws: ``StoreError`` `invalidInput`.
    init(validFor: Duration, minRemaining: Duration?) throws(StoreError) {
        guard validFor >= .seconds(1), validFor <= Self.longest else {
            throw StoreError(
                .invalidInput, "a signed URL cannot be valid for \(validFor)", hint: "Give 1 second to 7 days.")
        }
        // Times are cut to whole seconds, since Signature Version 4 has no finer ones: the end of one that is signed in
        // the middle of a second is up to a second early.
        validForMs = validFor.components.seconds * 1000
        let mostRemainingMs = validForMs - 1000
        guard let minRemaining else {
            minRemainingMs = mostRemainingMs / 2
            return
        }
        // Less than a millisecond more than asked for, never less.
        let wholeMs = minRemaining.wholeMilliseconds
        minRemainingMs = minRemaining > .milliseconds(wholeMs) ? wholeMs + 1 : wholeMs
        guard minRemaining >= .zero, minRemainingMs <= mostRemainingMs else {
            throw StoreError(
                .invalidInput, "\(minRemaining) cannot remain of a URL that is valid for \(validFor)",
                hint: "Whole seconds of validFor count. Give minRemaining between 0 and one second less.")
        }
    }
}

/// What is to be signed, but for the time.
struct SigningRequest: Sendable {
    let artifactId: ArtifactID
    let method: SigningMethod
    let disposition: String?
    let window: SigningWindow
}
