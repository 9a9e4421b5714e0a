import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

/// Sums that SQLite makes of the frozen store stand beside those of the library.
@Suite("Summaries of usage and failures")
struct SummaryTests {
    private static let keys: [UsageGrouping: String] = [
        .day: "createdAt / 86400000", .model: "requestedModel", .provider: "ifnull(provider, '')",
        .run: "parentRunId",
        .version:
            "ifnull(skillVersion, '') || char(1) || ifnull(promptVersion, '') || char(1) || ifnull(templateVersion, '')",
    ]
    private static let sums = [
        "inputTokens", "inputTextTokens", "inputImageTokens", "cachedInputTokens", "cachedInputTextTokens",
        "cachedInputImageTokens", "cacheWriteInputTokens", "outputTokens", "outputTextTokens", "outputImageTokens",
        "totalTokens",
    ]

    private static func text(_ key: UsageKey) -> String {
        if case .day(let moment) = key { return String(moment.milliseconds / 86_400_000) }
        return key.fields.map { $0.1 ?? "" }.joined(separator: "\u{1}")
    }

    private static func values(_ counts: StatusCounts, _ usage: UsageTotals) -> [String] {
        let sums = [
            usage.inputTokens, usage.inputTextTokens, usage.inputImageTokens, usage.cachedInputTokens,
            usage.cachedInputTextTokens, usage.cachedInputImageTokens, usage.cacheWriteInputTokens, usage.outputTokens,
            usage.outputTextTokens, usage.outputImageTokens, usage.totalTokens,
        ]
        return ["\(counts.total)", "\(counts.failed)", "\(counts.pending)", "\(usage.artifactsWithoutCost)"]
            + sums.map { $0.value.map(String.init) ?? "" }
            + [usage.costs.map { "\($0.currency) \($0.micros)" }.joined(separator: ",")]
    }

    /// The same by SQL: a group's key, and its numbers.
    private static func expected(
        _ db: Database, _ key: String, _ condition: String
    ) throws -> [[UInt8]: [String]] {
        let own = "includedInArtifactId IS NULL"
        let columns =
            [
                "count(*)", "count(*) FILTER (WHERE status = 'failed')", "count(*) FILTER (WHERE status = 'pending')",
                """
                count(*) FILTER (WHERE status <> 'pending' AND costMicros IS NULL
                    AND (\(own) OR includedInArtifactId NOT IN (SELECT artifactId FROM artifact)))
                """,
            ]
            + sums.map { "sum(\($0)) FILTER (WHERE \(own))" }
        var expected: [[UInt8]: [String]] = [:]
        func bytes(_ row: Row) -> [UInt8] { Array(Data.fromDatabaseValue(row[0]) ?? Data()) }
        let select = "SELECT CAST(\(key) AS BLOB), \(columns.joined(separator: ", ")) FROM artifact"
        for row in try Row.fetchAll(db, sql: "\(select) WHERE \(condition) GROUP BY 1") {
            expected[bytes(row)] = (1...columns.count).map { (row[$0] as Int64?).map(String.init) ?? "" } + [""]
        }
        let costs = """
            SELECT CAST(\(key) AS BLOB), costCurrency, sum(costMicros) FROM artifact
            WHERE \(condition) AND costMicros IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
            """
        for row in try Row.fetchAll(db, sql: costs) {
            guard var values = expected[bytes(row)], let last = values.popLast() else { continue }
            let cost = "\(row[1] as String) \(row[2] as Int64)"
            expected[bytes(row)] = values + [last.isEmpty ? cost : "\(last),\(cost)"]
        }
        return expected
    }

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

    @Test("Usage adds up to what SQLite adds up, by every key and filter", arguments: UsageGrouping.allCases)
    func usage(grouping: UsageGrouping) async throws {
        let temporary = try await ExchangeFixture.frozen()
        let shell = try temporary.shell()
        let key = try #require(Self.keys[grouping])
        for (filter, condition) in Self.conditions {
            let summary = try await temporary.store.usage(by: grouping, where: filter)
            let expected = try await shell.read { try Self.expected($0, key, condition) }
            var found: [[UInt8]: [String]] = [:]
            for group in summary.groups {
                found[Array(Self.text(group.key).utf8)] = Self.values(group.counts, group.usage)
            }
            #expect(found == expected, "\(condition)")
            #expect(found.count == summary.groups.count)
            let all = try await shell.read { try Self.expected($0, "'all'", condition) }
            #expect(
                Self.values(summary.counts, summary.usage)
                    == all[Array("all".utf8)] ?? Self.values(StatusCounts(), UsageTotals()), "\(condition)")
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
