/// Everything the store knows about one skill run, derived from its artifacts.
public struct RunDetail: Sendable {
    public let parentRunId: String
    /// The run's artifacts in the order of creation.
    public let artifacts: [GeneratedImageArtifact]
    /// How many artifacts have each status.
    public let counts: StatusCounts
    /// Which models and providers were asked and ran, each combination once, in the order of first use.
    public let models: [ModelUse]
    /// The versions in force, each combination once, in the order of first use.
    public let versions: [VersionContext]
    /// Sums over the artifacts for which a number is known.
    public let usage: UsageTotals
    /// The failed artifacts' failures, in the order of creation.
    public let failures: [RunFailure]
}

/// How many artifacts have each status.
public struct StatusCounts: Hashable, Sendable {
    public internal(set) var pending = 0
    public internal(set) var completed = 0
    public internal(set) var failed = 0

    /// All of them.
    public var total: Int { pending + completed + failed }
}

/// A model that was asked for, and what ran for it.
public struct ModelUse: Hashable, Sendable {
    public let requestedModel: String
    public let provider: String?
    public let imageGenerationMode: ImageGenerationMode?
    public let underlyingImageModel: String?
    public let hostedToolOutputType: String?
    /// How many artifacts.
    public internal(set) var artifactCount: Int
}

/// One failed artifact of a run.
public struct RunFailure: Hashable, Sendable {
    public let artifactId: ArtifactID
    public let failure: ArtifactFailure
}
