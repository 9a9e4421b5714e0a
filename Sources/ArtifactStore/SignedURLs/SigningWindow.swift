/// How long a signed URL may work at most, and must work at least.
struct SigningWindow: Sendable, Equatable {
    let validForMs: Int64
    let minRemainingMs: Int64

    /// The longest that Signature Version 4 allows.
    private static let longest = Duration.seconds(7 * 86_400)

    /// - Throws: ``StoreError`` `invalidInput`.
    init(validFor: Duration, minRemaining: Duration) throws(StoreError) {
        guard validFor >= .seconds(1), validFor <= Self.longest else {
            throw StoreError(
                .invalidInput, "a signed URL cannot be valid for \(validFor)", hint: "Give 1 second to 7 days.")
        }
        // Times are cut to whole seconds, since Signature Version 4 has no finer ones: that may cost one.
        guard minRemaining >= .zero, minRemaining <= validFor - .seconds(1) else {
            throw StoreError(
                .invalidInput, "\(minRemaining) cannot remain of a URL that is valid for \(validFor)",
                hint: "Give minRemaining between 0 and a second less than validFor.")
        }
        validForMs = validFor.components.seconds * 1000
        minRemainingMs = minRemaining.wholeMilliseconds
    }
}

/// What is to be signed, but for the time.
struct SigningRequest: Sendable {
    let artifactId: ArtifactID
    let method: SigningMethod
    let disposition: String?
    let window: SigningWindow
}
