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
        let parts = try PreparedStatement(db, selectParts)
        var artifacts: [GeneratedImageArtifact] = []
        try PreparedStatement(db, sql).forEachRow(bind) { row in
            artifacts.append(try ArtifactRow.decode(row) { try promptParts(parts, of: $0) })
        }
        return artifacts
    }

    static func artifact(
        _ db: Database, _ sql: String, _ bind: (inout PreparedStatement.Arguments) -> Void
    ) throws -> GeneratedImageArtifact? {
        try artifacts(db, sql, bind).first
    }

    static let selectParts = """
        SELECT role, source, version, text, textSha256 FROM promptPart WHERE artifactSequence = ? ORDER BY position
        """

    static func promptParts(_ statement: PreparedStatement, of sequence: Int64) throws -> [PromptPart] {
        var parts: [PromptPart] = []
        try statement.forEachRow({ $0.bind(sequence) }) { row in
            parts.append(
                PromptPart(
                    role: try row.text(0), source: try row.optionalText(1), version: try row.optionalText(2),
                    text: try row.optionalText(3), textSha256: try row.optionalText(4)))
        }
        return parts
    }
}
