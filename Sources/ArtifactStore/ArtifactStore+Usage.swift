extension ArtifactStore {
    /// The most groups that a summary has.
    public static let largestSummary = 100_000

    /// Sums usage and cost, exactly and from one snapshot.
    ///
    /// Artifacts whose usage another one covers (``Usage/includedInArtifactId``) are counted, and add nothing to the
    /// sums. What deleted artifacts used is gone with them. A cost that nobody reported counts as it was computed last.
    ///
    /// - Parameter filter: Of which artifacts; its times are those of creation.
    /// - Throws: ``StoreError`` `invalidInput` when there are more than ``largestSummary`` groups or a sum does not fit 64
    ///   bits, `database`.
    public func usage(
        by grouping: UsageGrouping, where filter: ArtifactFilter = ArtifactFilter()
    ) async throws -> UsageSummary {
        try await usage(by: grouping, where: filter, artifactByArtifact: grouping == .run)
    }

    /// - Parameter artifactByArtifact: Whether each artifact is read, which gives the same as the sums by day do.
    func usage(
        by grouping: UsageGrouping, where filter: ArtifactFilter, artifactByArtifact: Bool
    ) async throws -> UsageSummary {
        let sums = try await repository.reduceUsage(
            where: filter, artifactByArtifact: artifactByArtifact, into: UsageSums()
        ) { sums, entry in
            try sums.add(entry, grouping.key(of: entry))
        }
        return UsageSummary(groups: sums.ordered, counts: sums.counts, usage: sums.usage)
    }
}

private struct UsageSums: Sendable {
    private var groups: [[UInt8]: UsageGroup] = [:]
    private(set) var counts = StatusCounts()
    private(set) var usage = UsageTotals()

    mutating func add(_ entry: UsageEntry, _ key: UsageKey) throws {
        let bytes = key.bytes
        if groups[bytes] == nil, groups.count == ArtifactStore.largestSummary {
            throw StoreError(
                .invalidInput, "there are more than \(ArtifactStore.largestSummary) groups",
                hint: "Narrow the filter, such as by a later begin.")
        }
        var group = groups.removeValue(forKey: bytes) ?? UsageGroup(key: key)
        group.counts.add(entry.status, entry.artifactCount)
        try group.usage.add(entry.usage, withoutCost: entry.withoutCost)
        groups[bytes] = group
        counts.add(entry.status, entry.artifactCount)
        try usage.add(entry.usage, withoutCost: entry.withoutCost)
    }

    var ordered: [UsageGroup] {
        groups.sorted { left, right in
            if case .day(let first) = left.value.key, case .day(let second) = right.value.key { return first < second }
            let (count, other) = (left.value.counts.total, right.value.counts.total)
            return count == other ? left.key.lexicographicallyPrecedes(right.key) : count > other
        }.map(\.value)
    }
}
