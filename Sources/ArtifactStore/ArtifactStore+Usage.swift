extension ArtifactStore {
    /// The most groups that a summary has.
    public static let largestSummary = 100_000

    /// Sums usage and cost, exactly and from one snapshot.
    ///
    /// Artifacts whose usage another one covers (``Usage/includedInArtifactId``) are counted, and add nothing to the
    /// sums. What deleted artifacts used is gone with them.
    ///
    /// - Parameter filter: Of which artifacts; its times are those of creation.
    /// - Throws: ``StoreError`` `invalidInput` when there are more than ``largestSummary`` groups or a sum does not fit 64
    ///   bits, `database`.
    public func usage(
        by grouping: UsageGrouping, where filter: ArtifactFilter = ArtifactFilter()
    ) async throws -> UsageSummary {
        let sums = try await repository.reduce(where: filter, into: UsageSums()) { sums, artifact in
            try sums.add(artifact, grouping.key(of: artifact))
        }
        return UsageSummary(groups: sums.ordered, counts: sums.counts, usage: sums.usage)
    }
}

private struct UsageSums: Sendable {
    private var groups: [[[UInt8]?]: UsageGroup] = [:]
    private(set) var counts = StatusCounts()
    private(set) var usage = UsageTotals()

    mutating func add(_ artifact: ArtifactSummary, _ key: UsageKey) throws {
        let bytes = key.bytes
        if groups[bytes] == nil, groups.count == ArtifactStore.largestSummary {
            throw StoreError(
                .invalidInput, "there are more than \(ArtifactStore.largestSummary) groups",
                hint: "Narrow the filter, such as by a later begin.")
        }
        var group = groups.removeValue(forKey: bytes) ?? UsageGroup(key: key)
        group.counts.add(artifact.status)
        try group.usage.add(artifact.usage, of: artifact.status)
        groups[bytes] = group
        counts.add(artifact.status)
        try usage.add(artifact.usage, of: artifact.status)
    }

    var ordered: [UsageGroup] {
        func text(_ group: UsageGroup) -> String { group.key.fields.map { $0.1 ?? "" }.joined(separator: "\u{1}") }
        return groups.values.sorted { left, right in
            if case .day = left.key { return text(left) < text(right) }
            guard left.counts.total == right.counts.total else { return left.counts.total > right.counts.total }
            return text(left).utf8.lexicographicallyPrecedes(text(right).utf8)
        }
    }
}
