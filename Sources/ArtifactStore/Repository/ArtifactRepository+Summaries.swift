internal import GRDB

/// What a summary of failures needs of an artifact.
struct FailureEntry: Sendable {
    let artifactId: ArtifactID
    let requestedModel: String
    let provider: String?
    let failure: ArtifactFailure?
    let completedAt: Timestamp?
}

extension ArtifactRepository {
    /// Goes through the artifacts a filter holds for in one snapshot, the oldest first, one at a time.
    func reduceFailures<Value: Sendable>(
        where filter: ArtifactFilter, into start: Value,
        _ add: @escaping @Sendable (inout Value, FailureEntry) throws -> Void
    ) async throws -> Value {
        let words = try Self.words(of: filter)
        return try await database.read { db in
            var value = start
            try Self.forEachRow(db, where: filter, words, ArtifactRow.failureSummaryColumns) { row in
                try add(&value, try ArtifactRow.decodeFailureSummary(row))
            }
            return value
        }
    }

    /// What a filter searches for; nil without a search.
    ///
    /// - Throws: ``StoreError`` `invalidInput`.
    static func words(of filter: ArtifactFilter) throws(StoreError) -> SearchWords? {
        try filter.search.map { text throws(StoreError) in try SearchWords(text) }
    }

    /// - Parameter words: What the filter searches for.
    static func forEachRow(
        _ db: Database, where filter: ArtifactFilter, _ words: SearchWords?, _ columns: String,
        _ body: (PreparedStatement.Row) throws -> Void
    ) throws {
        if let words {
            let row = try PreparedStatement(db, "SELECT \(columns) FROM artifact WHERE sequence = ?")
            return try PromptMatches(filter, words, .oldestFirst).forEach(db, after: nil) { sequence in
                try row.forEachRow({ $0.bind(sequence) }, body)
                return true
            }
        }
        let query = ListQuery(filter, .oldestFirst, after: nil, limit: .max, columns: columns)
        try PreparedStatement(db, query.sql).forEachRow({ query.bind(to: &$0) }, body)
    }
}
