internal import GRDB
internal import GRDBSQLite

extension ArtifactRepository {
    static let selectRun = """
        SELECT \(ArtifactRow.columns) FROM artifact WHERE parentRunId = ? ORDER BY sequence LIMIT ?
        """

    static let selectExists = "SELECT 1 FROM artifact WHERE artifactId = ?"

    /// The run's artifacts in the order of creation, at most `limit`, and which artifacts that carried the usage of some
    /// of them were deleted.
    func artifacts(
        ofRun run: String, limit: Int
    ) async throws -> (artifacts: [GeneratedImageArtifact], deletedCarriers: Set<ArtifactID>) {
        try await database.read { db in
            let artifacts = try Self.artifacts(db, Self.selectRun) {
                $0.bind(run)
                $0.bind(Int64(limit))
            }
            let exists = try PreparedStatement(db, Self.selectExists)
            let carriers = Set(artifacts.compactMap { $0.usage?.includedInArtifactId })
            let deleted = try carriers.filter { carrier in
                try exists.first({ $0.bind(carrier.text) }) { _ in true } == nil
            }
            return (artifacts, deleted)
        }
    }

    static let selectBySequence = "SELECT \(ArtifactRow.columns) FROM artifact WHERE sequence = ?"

    func page(
        _ filter: ArtifactFilter, _ order: ArtifactOrder, after cursor: PageCursor?, limit: Int
    ) async throws -> ArtifactPage {
        let words = try Self.words(of: filter)
        if let words, order == .bestMatch {
            let artifacts = try await database.read { db in
                try Self.artifacts(db, PromptMatches(filter, words, order).best(db, limit: limit))
            }
            return ArtifactPage(artifacts: artifacts, nextCursor: nil)
        }
        // One more than asked for: it tells whether there is a next page.
        var artifacts = try await database.read { db in
            if let words {
                var sequences: [Int64] = []
                try PromptMatches(filter, words, order).forEach(db, after: cursor?.sequence) { sequence in
                    sequences.append(sequence)
                    return sequences.count <= limit
                }
                return try Self.artifacts(db, sequences)
            }
            let query = ListQuery(filter, order, after: cursor?.sequence, limit: limit + 1)
            return try Self.artifacts(db, query.sql) { query.bind(to: &$0) }
        }
        guard artifacts.count > limit else { return ArtifactPage(artifacts: artifacts, nextCursor: nil) }
        artifacts.removeLast(artifacts.count - limit)
        return ArtifactPage(
            artifacts: artifacts,
            nextCursor: artifacts.last.map { PageCursor(after: $0.sequence, filter: filter, order: order) })
    }

    private static func artifacts(_ db: Database, _ sequences: [Int64]) throws -> [GeneratedImageArtifact] {
        try sequences.flatMap { sequence in try artifacts(db, selectBySequence) { $0.bind(sequence) } }
    }
}
