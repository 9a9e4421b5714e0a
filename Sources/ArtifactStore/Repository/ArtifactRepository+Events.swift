internal import GRDB

extension ArtifactRepository {
    static let eventColumns = """
        sequence, kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken, failureType
        """
    static let selectEvents = "SELECT \(eventColumns) FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?"
    static let selectEventsOfArtifact = """
        SELECT \(eventColumns) FROM event WHERE artifactId = ? AND sequence > ? ORDER BY sequence LIMIT ?
        """

    /// Events behind a sequence in their order, of one artifact or of all.
    func events(after sequence: Int64, of artifactId: ArtifactID?, limit: Int) async throws -> [ArtifactEvent] {
        try await database.read { db in
            var events: [ArtifactEvent] = []
            let sql = artifactId == nil ? Self.selectEvents : Self.selectEventsOfArtifact
            try PreparedStatement(db, sql).forEachRow({
                if let artifactId { $0.bind(artifactId.text) }
                $0.bind(sequence)
                $0.bind(Int64(limit))
            }) { events.append(try Self.event($0)) }
            return events
        }
    }

    static func event(_ row: PreparedStatement.Row) throws -> ArtifactEvent {
        guard let kind = ArtifactEvent.Kind(rawValue: try row.text(1)) else {
            throw StoreError(
                .database, "event \(row.int64(0)) has an unknown kind",
                hint: "Something else wrote to the file; compare it with a backup.")
        }
        return ArtifactEvent(
            sequence: row.int64(0), kind: kind, artifactId: ArtifactID(try row.text(2)),
            parentRunId: try row.text(3), occurredAt: row.timestamp(4), claimOwner: try row.text(5),
            fencingToken: row.int64(6),
            failureType: try row.optionalText(7).flatMap(ArtifactFailure.FailureType.init(rawValue:)))
    }
}
