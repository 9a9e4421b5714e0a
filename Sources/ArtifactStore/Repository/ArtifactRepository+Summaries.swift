internal import GRDB

/// What summaries need of an artifact.
struct ArtifactSummary: Sendable {
    let artifactId: ArtifactID
    let parentRunId: String
    let status: ArtifactStatus
    let requestedModel: String
    let provider: String?
    let versions: VersionContext
    let usage: Usage?
    let failure: ArtifactFailure?
    let createdAt: Timestamp
    let completedAt: Timestamp?
}

extension ArtifactRepository {
    static let selectSummary = "SELECT \(ArtifactRow.summaryColumns) FROM artifact WHERE sequence = ?"

    /// Goes through the artifacts a filter holds for in one snapshot, the oldest first, one at a time.
    func reduce<Value: Sendable>(
        where filter: ArtifactFilter, into start: Value,
        _ add: @escaping @Sendable (inout Value, ArtifactSummary) throws -> Void
    ) async throws -> Value {
        let words = try filter.search.map { text throws(StoreError) in try SearchWords(text) }
        let query = ListQuery(
            filter, .oldestFirst, after: nil, limit: .max, columns: ArtifactRow.summaryColumns)
        return try await database.read { db in
            var value = start
            if let words {
                let summary = try PreparedStatement(db, Self.selectSummary)
                try PromptMatches(filter, words, .oldestFirst).forEach(db, after: nil) { sequence in
                    try summary.forEachRow({ $0.bind(sequence) }) { try add(&value, ArtifactRow.decodeSummary($0)) }
                    return true
                }
                return value
            }
            try PreparedStatement(db, query.sql).forEachRow({ query.bind(to: &$0) }) { row in
                try add(&value, try ArtifactRow.decodeSummary(row))
            }
            return value
        }
    }
}
