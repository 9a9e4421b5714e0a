internal import GRDB

extension ArtifactRepository {
    static let selectById = "SELECT \(ArtifactRow.columns) FROM artifact WHERE artifactId = ?"
    static let selectByKey = "SELECT \(ArtifactRow.columns) FROM artifact WHERE parentRunId = ? AND idempotencyKey = ?"
    static let selectByReference = """
        SELECT \(ArtifactRow.columns) FROM artifact WHERE objectKey = ? AND bucket = ? AND storageKind = ?
        """

    func artifact(_ id: ArtifactID) async throws -> GeneratedImageArtifact? {
        try await database.read { db in try Self.artifact(db, Self.selectById) { $0.bind(id.text) } }
    }

    func artifact(run: String, key: String) async throws -> GeneratedImageArtifact? {
        try await database.read { db in
            try Self.artifact(db, Self.selectByKey) {
                $0.bind(run)
                $0.bind(key)
            }
        }
    }

    func artifact(at reference: StorageReference) async throws -> GeneratedImageArtifact? {
        try await database.read { db in
            try Self.artifact(db, Self.selectByReference) {
                $0.bind(reference.objectKey.text)
                $0.bind(reference.bucket)
                $0.bind(reference.kind)
            }
        }
    }
}
