extension ArtifactStore {
    /// Counts failures by their type, and by model or provider, from one snapshot: the most frequent ones first.
    ///
    /// - Parameter filter: Of which artifacts; its times are those of creation. Its status is always `failed`.
    /// - Throws: ``StoreError`` `invalidInput` when there are more than ``largestSummary`` groups, `database`.
    public func failures(
        by grouping: FailureGrouping, where filter: ArtifactFilter = ArtifactFilter()
    ) async throws -> [FailureGroup] {
        var filter = filter
        filter.status = .failed
        let groups = try await repository.reduceFailures(where: filter, into: [FailureKey: FailureGroup]()) {
            groups, artifact in
            guard let failure = artifact.failure, let failedAt = artifact.completedAt else { return }
            let key: String? =
                switch grouping {
                case .type: nil
                case .model: artifact.requestedModel
                case .provider: artifact.provider
                }
            let index = FailureKey(type: failure.type, key: key.map { Array($0.utf8) })
            if groups[index] == nil, groups.count == Self.largestSummary {
                throw StoreError(
                    .invalidInput, "there are more than \(Self.largestSummary) groups",
                    hint: "Narrow the filter, such as by a later begin.")
            }
            var group =
                groups.removeValue(forKey: index)
                ?? FailureGroup(
                    key: key, type: failure.type, count: 0, retryableCount: 0, lastFailedAt: failedAt,
                    lastArtifactId: artifact.artifactId, lastFailure: failure)
            group.count += 1
            if failure.retryable { group.retryableCount += 1 }
            if failedAt >= group.lastFailedAt {
                (group.lastFailedAt, group.lastArtifactId, group.lastFailure) = (failedAt, artifact.artifactId, failure)
            }
            groups[index] = group
        }
        return groups.values.sorted { left, right in
            guard left.count == right.count else { return left.count > right.count }
            guard left.type == right.type else { return left.type.rawValue < right.type.rawValue }
            return (left.key ?? "").utf8.lexicographicallyPrecedes((right.key ?? "").utf8)
        }
    }
}

private struct FailureKey: Hashable, Sendable {
    let type: ArtifactFailure.FailureType
    let key: [UInt8]?
}
