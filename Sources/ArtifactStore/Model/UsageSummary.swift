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

    /// The same for the same bytes: texts that Unicode calls equivalent are different ones.
    var bytes: [UInt8] {
        switch self {
        case .day(let moment): withUnsafeBytes(of: moment.milliseconds) { Array($0) }
        case .model(let name), .run(let name): Array(name.utf8)
        case .provider(let name): Self.bytes([name])
        case .version(let version):
            Self.bytes([version.skillVersion, version.promptVersion, version.templateVersion])
        }
    }

    /// No text has a NUL, so that it can end one; an absent text is none at all, where any other has a byte.
    private static func bytes(_ texts: [String?]) -> [UInt8] {
        var bytes: [UInt8] = []
        for text in texts {
            if let text { bytes += text.utf8 }
            bytes.append(0)
        }
        return bytes
    }
}
