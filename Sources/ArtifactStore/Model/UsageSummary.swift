/// What usage is summed by.
public enum UsageGrouping: String, Hashable, Sendable, CaseIterable {
    /// The day of creation, in UTC.
    case day
    /// The model that was asked for.
    case model
    case provider
    case run
    /// The versions of skill, prompt and template, each combination by itself.
    case version
}

/// What the artifacts of a group have in common.
public enum UsageKey: Hashable, Sendable {
    /// The day's first moment.
    case day(Timestamp)
    case model(String)
    /// Nil for artifacts whose provider is not known: pending ones, and failures without a model execution.
    case provider(String?)
    case run(String)
    case version(VersionContext)
}

/// The usage of some artifacts.
public struct UsageGroup: Hashable, Sendable {
    public let key: UsageKey
    /// How many artifacts have each status.
    public internal(set) var counts = StatusCounts()
    /// Exact sums, each over the artifacts that know the number; currencies are kept apart.
    public internal(set) var usage = UsageTotals()
}

/// Usage by group, and in all.
public struct UsageSummary: Sendable {
    /// Days in their order; all others by how many artifacts they have, the most first.
    public let groups: [UsageGroup]
    /// How many artifacts there are in all groups.
    public let counts: StatusCounts
    /// The sums over all of them.
    public let usage: UsageTotals
}

extension UsageGrouping {
    func key(of artifact: ArtifactSummary) -> UsageKey {
        switch self {
        case .day: .day(Timestamp(clamping: artifact.createdAt.milliseconds / 86_400_000 * 86_400_000))
        case .model: .model(artifact.requestedModel)
        case .provider: .provider(artifact.provider)
        case .run: .run(artifact.parentRunId)
        case .version: .version(artifact.versions)
        }
    }
}

extension UsageKey {
    /// The key's own fields, by their wire names.
    var fields: [(String, String?)] {
        switch self {
        case .day(let moment): [("day", String(moment.description.prefix(10)))]
        case .model(let model): [("model", model)]
        case .provider(let provider): [("provider", provider)]
        case .run(let run): [("parentRunId", run)]
        case .version(let version):
            [
                ("skillVersion", version.skillVersion), ("promptVersion", version.promptVersion),
                ("templateVersion", version.templateVersion),
            ]
        }
    }

    /// The same key for the same bytes: texts that Unicode calls equivalent are different ones.
    var bytes: [[UInt8]?] { fields.map { $0.1.map { Array($0.utf8) } } }
}
