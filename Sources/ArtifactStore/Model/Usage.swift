/// What one image took. Unknown is nil, never 0.
public struct Usage: Hashable, Sendable {
    /// All tokens in, as the provider counted them.
    public var inputTokens: Int64?
    /// Text tokens in.
    public var inputTextTokens: Int64?
    /// Image tokens in.
    public var inputImageTokens: Int64?
    /// Tokens in that the provider served from its cache (a part of `inputTokens`).
    public var cachedInputTokens: Int64?
    /// Text tokens in that the provider served from its cache.
    public var cachedInputTextTokens: Int64?
    /// Image tokens in that the provider served from its cache.
    public var cachedInputImageTokens: Int64?
    /// Tokens in that the provider wrote to its cache (a part of `inputTokens`).
    public var cacheWriteInputTokens: Int64?
    /// All tokens out.
    public var outputTokens: Int64?
    /// Text tokens out.
    public var outputTextTokens: Int64?
    /// Image tokens out.
    public var outputImageTokens: Int64?
    /// The provider's own total.
    public var totalTokens: Int64?
    /// How many images the provider's answer held.
    public var imageCount: Int64?
    /// How long the provider took, in milliseconds.
    public var durationMs: Int64?
    /// What it cost, when that is known exactly.
    public var cost: Cost?
    /// The provider's usage object as it came, at most 262,144 bytes.
    public var providerUsage: JSONValue?
    /// Set on the second and further images of one answer: the artifact whose usage covers them all, so that sums
    /// count an answer once.
    public var includedInArtifactId: ArtifactID?

    /// A usage in which everything is unknown.
    public init() {}

    /// Whether nothing is known.
    public var isEmpty: Bool { self == Usage() }

    func validate() throws(StoreError) {
        let counts: [(String, Int64?)] = [
            ("inputTokens", inputTokens), ("inputTextTokens", inputTextTokens),
            ("inputImageTokens", inputImageTokens), ("cachedInputTokens", cachedInputTokens),
            ("cachedInputTextTokens", cachedInputTextTokens), ("cachedInputImageTokens", cachedInputImageTokens),
            ("cacheWriteInputTokens", cacheWriteInputTokens),
            ("outputTokens", outputTokens), ("outputTextTokens", outputTextTokens),
            ("outputImageTokens", outputImageTokens), ("totalTokens", totalTokens), ("imageCount", imageCount),
            ("durationMs", durationMs),
        ]
        for (name, count) in counts {
            if let count, !(0...Self.largestCount).contains(count) {
                throw .invalid(
                    "usage.\(name)", "is \(count)",
                    hint: "Give 0 to \(Self.largestCount), or leave it out when unknown.")
            }
        }
        try cost?.validate()
        if let providerUsage { try TextRule.check(providerUsage, "usage.providerUsage") }
        if let includedInArtifactId {
            var alone = Usage()
            alone.includedInArtifactId = includedInArtifactId
            guard self == alone else {
                throw .invalid(
                    "usage", "has numbers beside includedInArtifactId",
                    hint: "Record an answer's usage once, on the artifact that is named.")
            }
            try TextRule.check(
                includedInArtifactId.text, "usage.includedInArtifactId", atMost: TextLimit.artifactId)
        }
    }

    /// A billion billion would overflow a sum of few rows; 10^12 leaves room for nine million of the largest.
    static let largestCount: Int64 = 1_000_000_000_000
}

/// An exact amount of money.
public struct Cost: Hashable, Sendable {
    /// Millionths of the currency's unit, 0 to 10^12 (a million units).
    public var micros: Int64
    /// The ISO 4217 code, three upper-case letters.
    public var currency: String

    /// An amount in millionths of the currency's unit.
    public init(micros: Int64, currency: String) {
        self.micros = micros
        self.currency = currency
    }

    func validate() throws(StoreError) {
        guard (0...Usage.largestCount).contains(micros) else {
            throw .invalid(
                "usage.cost.micros", "is \(micros)", hint: "Give 0 to \(Usage.largestCount) millionths of a unit.")
        }
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw .invalid("usage.cost.currency", "is no ISO 4217 code", hint: "Give three upper-case letters.")
        }
    }
}
