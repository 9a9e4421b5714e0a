internal import GRDB

extension ArtifactRepository {
    static let countStatus = "SELECT count(*) FROM artifact WHERE status = ?"
    static let countFailureType = "SELECT count(*) FROM artifact WHERE failureType = ?"
    static let countExpired =
        "SELECT count(*) FROM artifact INDEXED BY artifactByClaimExpiry WHERE status = 'pending' AND claimExpiresAt <= ?"
    static let firstCreated = "SELECT createdAt FROM artifact WHERE sequence > 0 ORDER BY sequence LIMIT 1"
    static let lastCreated = "SELECT createdAt FROM artifact WHERE sequence > 0 ORDER BY sequence DESC LIMIT 1"
    static let lastEvent = "SELECT sequence FROM event WHERE sequence > 0 ORDER BY sequence DESC LIMIT 1"

    func statistics() async throws -> StoreStatistics {
        let now = now()
        let schemaVersion = database.migration.toVersion
        return try await database.read { db in
            func number(_ sql: String, _ bind: (inout PreparedStatement.Arguments) -> Void = { _ in }) throws -> Int64?
            {
                try PreparedStatement(db, sql).first(bind) { $0.int64(0) }
            }
            func count(_ sql: String, _ bind: (inout PreparedStatement.Arguments) -> Void) throws -> Int {
                Int(try number(sql, bind) ?? 0)
            }
            var counts = StatusCounts()
            counts.pending = try count(Self.countStatus) { $0.bind(ArtifactStatus.pending.rawValue) }
            counts.completed = try count(Self.countStatus) { $0.bind(ArtifactStatus.completed.rawValue) }
            counts.failed = try count(Self.countStatus) { $0.bind(ArtifactStatus.failed.rawValue) }
            let failures = try ArtifactFailure.FailureType.allCases.map { type in
                (type: type, count: try count(Self.countFailureType) { $0.bind(type.rawValue) })
            }
            let pageCount = try number("PRAGMA page_count") ?? 0
            let pageSize = try number("PRAGMA page_size") ?? 0
            return StoreStatistics(
                counts: counts, failures: failures.filter { $0.count > 0 },
                expiredClaims: try count(Self.countExpired) { $0.bind(now) },
                waitingRemovals: try Self.waitingRemovals(db).reduce(0) { $0 + $1.count },
                firstCreatedAt: try number(Self.firstCreated).map(Timestamp.init(clamping:)),
                lastCreatedAt: try number(Self.lastCreated).map(Timestamp.init(clamping:)),
                lastEventSequence: try number(Self.lastEvent) ?? 0,
                schemaVersion: schemaVersion, databaseBytes: pageCount * pageSize)
        }
    }
}
