internal import GRDB

extension ArtifactRepository {
    /// Goes through everything that sums over the artifacts of a filter are made of, in one snapshot.
    ///
    /// - Parameter artifactByArtifact: Whether each entry must be of one artifact.
    func reduceUsage<Value: Sendable>(
        by grouping: UsageGrouping, where filter: ArtifactFilter, artifactByArtifact: Bool, into start: Value,
        _ add: @escaping @Sendable (inout Value, UsageEntry) throws -> Void
    ) async throws -> Value {
        let words = try Self.words(of: filter)
        let plan = artifactByArtifact ? nil : UsagePlan(filter, by: grouping)
        return try await database.read { db in
            var value = start
            func addArtifacts(where filter: ArtifactFilter, _ holds: (UsageEntry) -> Bool) throws {
                try Self.forEachRow(db, where: filter, words, UsageEntry.columns(by: grouping)) { row in
                    let entry = try UsageEntry(row, by: grouping)
                    if holds(entry) { try add(&value, entry) }
                }
            }
            guard let plan else {
                try addArtifacts(where: filter) { _ in true }
                return value
            }
            try PreparedStatement(db, plan.sql).forEachRow({ plan.bind(to: &$0) }) { row in
                try add(&value, try UsageEntry(row, by: grouping))
            }
            for edge in plan.edges { try addArtifacts(where: edge) { $0.status != .pending } }
            if let pending = plan.pending { try addArtifacts(where: pending) { _ in true } }
            return value
        }
    }

    private static let keyColumns = """
        day, status, requestedModel, underlyingImageModel, provider, failureType, skillVersion, promptVersion, \
        templateVersion, costCurrency
        """

    /// Tells whether the sums by day are others than the artifacts add up to. It reads every artifact.
    static func usageSumsDiffer(_ db: Database) throws -> Bool {
        let tokens = ArtifactRow.tokenColumns
        let kept = """
            SELECT \(keyColumns), artifactCount, includedCount, costMicros, \
            \(tokens.map { "\($0), \($0)Known" }.joined(separator: ", ")) \
            FROM usageByDay WHERE artifactCount <> 0
            """
        let fresh = """
            SELECT \(keyColumns), count(*), sum(isIncluded), sum(costMicros), \
            \(tokens.map { "coalesce(sum(\($0)), 0), count(\($0))" }.joined(separator: ", ")) \
            FROM artifactUsage WHERE status <> 'pending' GROUP BY \(keyColumns)
            """
        let differences = """
            SELECT EXISTS (SELECT * FROM (\(kept)) EXCEPT SELECT * FROM (\(fresh))) \
            OR EXISTS (SELECT * FROM (\(fresh)) EXCEPT SELECT * FROM (\(kept)))
            """
        return try PreparedStatement(db, differences).first { $0.int64(0) != 0 } ?? false
    }
}
