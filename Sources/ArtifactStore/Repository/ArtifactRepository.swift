internal import GRDB

/// The SQLite side of the store: tables, queries and lifecycle. Nothing outside this folder knows SQL.
struct ArtifactRepository: Sendable {
    let database: StoreDatabase
    let options: StoreOptions

    /// What time the store believes it is.
    func now() -> Timestamp { options.now() }

    /// The artifacts a statement selects, with their prompt compositions. It must select ``ArtifactRow/columns``.
    static func artifacts(
        _ db: Database, _ sql: String, _ bind: (inout PreparedStatement.Arguments) -> Void
    ) throws -> [GeneratedImageArtifact] {
        let details = try ArtifactDetails(db)
        var artifacts: [GeneratedImageArtifact] = []
        try PreparedStatement(db, sql).forEachRow(bind) { row in
            artifacts.append(try ArtifactRow.decode(row, details))
        }
        return artifacts
    }

    static func artifact(
        _ db: Database, _ sql: String, _ bind: (inout PreparedStatement.Arguments) -> Void
    ) throws -> GeneratedImageArtifact? {
        try artifacts(db, sql, bind).first
    }
}
