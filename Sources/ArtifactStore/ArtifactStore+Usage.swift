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
        try await usage(by: grouping, where: filter, artifactByArtifact: false)
    }

    /// - Parameter artifactByArtifact: Whether each artifact is read, which gives the same as the sums by day do.
    func usage(
        by grouping: UsageGrouping, where filter: ArtifactFilter, artifactByArtifact: Bool
    ) async throws -> UsageSummary {
        let sums = try await repository.reduceUsage(
            by: grouping, where: filter, artifactByArtifact: artifactByArtifact, into: UsageSums()
        ) { sums, entry in
            try sums.add(entry)
        }
        return try sums.summary()
    }
}

private struct UsageSums: Sendable {
    private var groups: [UsageGroup] = []
    /// Where each key's group is.
    private var indexes: [[UInt8]: Int] = [:]

    mutating func add(_ entry: UsageEntry) throws {
        let index = try index(of: entry.key)
        groups[index].counts.add(entry.status, entry.artifactCount)
        try groups[index].usage.add(entry.usage, withoutCost: entry.withoutCost)
    }

    private mutating func index(of key: UsageKey) throws -> Int {
        let bytes = key.bytes
        if let index = indexes[bytes] { return index }
        guard groups.count < ArtifactStore.largestSummary else {
            throw StoreError(
                .invalidInput, "there are more than \(ArtifactStore.largestSummary) groups",
                hint: "Narrow the filter, such as by a later begin.")
        }
        indexes[bytes] = groups.count
        groups.append(UsageGroup(key: key))
        return groups.count - 1
    }

    func summary() throws -> UsageSummary {
        var counts = StatusCounts()
        var usage = UsageTotals()
        for group in groups {
            counts.add(.pending, group.counts.pending)
            counts.add(.completed, group.counts.completed)
            counts.add(.failed, group.counts.failed)
            try usage.add(group.usage)
        }
        return UsageSummary(groups: ordered, counts: counts, usage: usage)
    }

    private var ordered: [UsageGroup] {
        indexes.map { (key: $0.key, group: groups[$0.value]) }.sorted { left, right in
            if case .day(let first) = left.group.key, case .day(let second) = right.group.key { return first < second }
            let (count, other) = (left.group.counts.total, right.group.counts.total)
            return count == other ? left.key.lexicographicallyPrecedes(right.key) : count > other
        }.map(\.group)
    }
}
