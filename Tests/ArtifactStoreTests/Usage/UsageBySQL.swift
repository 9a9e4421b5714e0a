import Foundation
import Testing

@testable import ArtifactStore

/// Usage as the sqlite3 shell sums it, straight from the artifacts and the last computation of each cost.
enum UsageBySQL {
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

    /// Records an issue unless a summary says what the shell sums over the artifacts that a condition holds for.
    static func expect(
        _ summary: UsageSummary, _ grouping: UsageGrouping, _ database: String, _ condition: String
    ) async throws {
        let key = try #require(keys[grouping])
        let lines = try await Shell.lines(database, sql(key, condition) + sql("'all'", condition))
        var expected: [String: [String]] = [:]
        for line in lines {
            let columns = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            expected[columns[0], default: []] += columns.dropFirst()
        }
        var found: [String: [String]] = [:]
        for group in summary.groups { found[hex(text(group.key))] = values(group.counts, group.usage) }
        #expect(found.count == summary.groups.count)
        if summary.counts.total > 0 { found[hex("all")] = values(summary.counts, summary.usage) }
        #expect(found == expected, "\(grouping) \(condition)")
    }

    private static func hex(_ text: String) -> String {
        text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }

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
            + sums.map { $0.value.map(String.init) ?? "" } + usage.costs.flatMap { [$0.currency, "\($0.micros)"] }
    }

    /// Two statements: each group's numbers, then each group's costs, one line a currency.
    private static func sql(_ key: String, _ condition: String) -> String {
        let own = "includedInArtifactId IS NULL"
        let artifacts = """
            (SELECT artifact.*, ifnull(artifact.costMicros, computed.costMicros) AS micros,
                ifnull(artifact.costCurrency, computed.costCurrency) AS currency
            FROM artifact LEFT JOIN computedCost AS computed ON artifactSequence = sequence AND computation =
                (SELECT max(computation) FROM computedCost AS other WHERE other.artifactSequence = sequence)
            WHERE \(condition))
            """
        return """
            SELECT hex(\(key)), count(*), count(*) FILTER (WHERE status = 'failed'),
                count(*) FILTER (WHERE status = 'pending'),
                count(*) FILTER (WHERE status <> 'pending' AND micros IS NULL AND
                    (\(own) OR includedInArtifactId NOT IN (SELECT artifactId FROM artifact))),
                \(sums.map { "sum(\($0)) FILTER (WHERE \(own))" }.joined(separator: ", "))
            FROM \(artifacts) GROUP BY 1 HAVING count(*) > 0;
            SELECT hex(\(key)), currency, sum(micros) FROM \(artifacts)
            WHERE micros IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;

            """
    }
}
