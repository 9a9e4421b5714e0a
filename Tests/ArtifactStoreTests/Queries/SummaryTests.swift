import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

/// Sums that SQLite makes of the frozen store stand beside those of the library.
@Suite("Summaries of usage and failures")
struct SummaryTests {
    private static let conditions: [(ArtifactFilter, String)] = [
        (ArtifactFilter(), "1"), (ArtifactFilter(status: .failed), "status = 'failed'"),
        (ArtifactFilter(provider: "openai"), "provider = 'openai'"),
        (ArtifactFilter(parentRunId: "run_3"), "parentRunId = 'run_3'"),
        (
            ArtifactFilter(
                since: Timestamp(clamping: 1_767_300_000_000), until: Timestamp(clamping: 1_767_400_000_000)),
            "createdAt >= 1767300000000 AND createdAt < 1767400000000"
        ),
        (ArtifactFilter(provider: "nobody"), "0"),
    ]

    @Test(
        "Usage adds up to what SQLite adds up, by every key and filter",
        .enabled(if: Shell.isThere, "sqlite3 is not installed"), arguments: UsageGrouping.allCases)
    func usage(grouping: UsageGrouping) async throws {
        let temporary = try await ExchangeFixture.frozen()
        for (filter, condition) in Self.conditions {
            let summary = try await temporary.store.usage(by: grouping, where: filter)
            try await UsageBySQL.expect(summary, grouping, temporary.path, condition)
            let order = summary.groups.map { group in
                if case .day(let moment) = group.key { return -moment.milliseconds }
                return Int64(group.counts.total)
            }
            #expect(order == order.sorted(by: >))
        }
    }

    @Test(
        "Failures are counted as SQLite counts them, and the last one of each group is its example",
        arguments: FailureGrouping.allCases)
    func failures(grouping: FailureGrouping) async throws {
        let temporary = try await ExchangeFixture.frozen()
        let key = [FailureGrouping.type: "''", .model: "requestedModel", .provider: "ifnull(provider, '')"][grouping]
        for (filter, condition) in Self.conditions where filter.status == nil {
            let groups = try await temporary.store.failures(by: grouping, where: filter)
            let sql = """
                SELECT CAST(\(key ?? "") AS BLOB) AS name, failureType, count(*), sum(failureRetryable), max(completedAt)
                FROM artifact WHERE status = 'failed' AND \(condition) GROUP BY 1, 2
                """
            let expected = try await temporary.shell().read { db in
                try Row.fetchAll(db, sql: sql).map { row in
                    "\(row["name"] as Data) \((row["name"] as Data).base64EncodedString()) \(row[1] as String) "
                        + "\(row[2] as Int) \(row[3] as Int) \(row[4] as Int64)"
                }
            }
            let found = groups.map { group in
                let name = Data((group.key ?? "").utf8)
                return "\(name) \(name.base64EncodedString()) \(group.type.rawValue) "
                    + "\(group.count) \(group.retryableCount) \(group.lastFailedAt.milliseconds)"
            }
            #expect(found.sorted() == expected.sorted(), "\(condition)")
            #expect(groups.map(\.count) == groups.map(\.count).sorted(by: >))
            for group in groups.prefix(5) {
                let last = try await temporary.store.artifact(group.lastArtifactId)
                #expect(last.failure == group.lastFailure && last.completedAt == group.lastFailedAt)
            }
        }
    }
}
