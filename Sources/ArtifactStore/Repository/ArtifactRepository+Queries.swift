internal import GRDB
internal import GRDBSQLite

extension ArtifactRepository {
    static let selectRun = """
        SELECT \(ArtifactRow.columns) FROM artifact WHERE parentRunId = ? ORDER BY sequence LIMIT ?
        """

    /// The run's artifacts in the order of creation, at most `limit`.
    func artifacts(ofRun run: String, limit: Int) async throws -> [GeneratedImageArtifact] {
        try await database.read { db in
            try Self.artifacts(db, Self.selectRun) {
                $0.bind(run)
                $0.bind(Int64(limit))
            }
        }
    }

    func page(
        _ filter: ArtifactFilter, _ order: ArtifactOrder, after cursor: PageCursor?, limit: Int
    ) async throws -> ArtifactPage {
        // One more than asked for: it tells whether there is a next page.
        let query = ListQuery(filter, order, after: cursor, limit: limit + 1)
        var artifacts = try await database.read { db in
            try Self.artifacts(db, query.sql) { query.bind(to: &$0) }
        }
        guard artifacts.count > limit else { return ArtifactPage(artifacts: artifacts, nextCursor: nil) }
        artifacts.removeLast(artifacts.count - limit)
        return ArtifactPage(
            artifacts: artifacts,
            nextCursor: artifacts.last.map { PageCursor(after: $0.sequence, filter: filter, order: order) })
    }
}
