import ArtifactStore
import Foundation

/// Sums of usage over the last 30 days of a large store, ours beside SQL by hand through the C API: whole days out of
/// `usageByDay`, the rest of a day, and runs, out of `artifact`.
struct UsageComparison {
    let store: ArtifactStore
    let path: String
    let settings: Settings

    func run(_ grouping: UsageGrouping, _ report: Report) async throws {
        guard let last = try await store.statistics().lastCreatedAt else { throw BenchError("the store is empty") }
        let since = last.milliseconds - 30 * Self.day
        let filter = ArtifactFilter(since: Timestamp(clamping: since))
        let isRun = grouping == .run
        let times = isRun ? 10 : 100
        var ratio = Samples(), c = Samples(), ours = Samples(), late = Samples()
        for _ in 0..<(settings.isQuick ? 3 : 7) {
            let baseline = try CBaseline.numbers(["query", path, "\(times)", "rows", Self.sql(grouping, since)])
            var seconds: [Double] = []
            let clock = ContinuousClock()
            for _ in 0..<times {
                let start = clock.now
                let summary = try await store.usage(by: grouping, where: filter)
                seconds.append((clock.now - start).inSeconds)
                guard summary.groups.count == Int(baseline[0]) else {
                    throw BenchError("\(grouping): \(summary.groups.count) groups beside \(baseline[0])")
                }
            }
            seconds.sort()
            c.add(baseline[1])
            ours.add(seconds[times / 2])
            late.add(seconds[times * 99 / 100] * 1000)
            ratio.add(seconds[times / 2] / baseline[1])
        }
        let name = "usage of 30 days by \(grouping)"
        report.note("\(name): C \(micros(c.median)) us, ours \(micros(ours.median)) us")
        report.result("\(name), 99th percentile (ms)", late, .atMost(50))
        report.result("\(name), ours / C (time)", ratio, .atMost(3))
    }

    private static let day: Int64 = 86_400_000
    private static let tokens = [
        "inputTokens", "inputTextTokens", "inputImageTokens", "cachedInputTokens", "cachedInputTextTokens",
        "cachedInputImageTokens", "cacheWriteInputTokens", "outputTokens", "outputTextTokens", "outputImageTokens",
        "totalTokens",
    ]

    private static func sql(_ grouping: UsageGrouping, _ since: Int64) -> String {
        let firstDay = (since + day - 1) / day
        let key =
            switch grouping {
            case .day: "day"
            case .model: "requestedModel"
            case .provider: "provider"
            case .version: "skillVersion, promptVersion, templateVersion"
            case .run: "parentRunId"
            }
        let sums = tokens.map { "sum(\($0))" }.joined(separator: ", ")
        let bounds = """
            sequence >= (SELECT min(firstSequence) FROM artifactHour WHERE hour >= \(since / 3_600_000)) \
            AND createdAt >= \(since)
            """
        if grouping == .run {
            return """
                SELECT \(key), costCurrency, count(*), sum(costMicros), \(sums) FROM artifact WHERE \(bounds) GROUP BY 1
                """
        }
        let columns = tokens.joined(separator: ", ")
        let one = tokens.map { "one.\($0)" }.joined(separator: ", ")
        return """
            SELECT \(key), max(costCurrency), sum(n), sum(included), sum(micros), \(sums) FROM (
                SELECT day, requestedModel, provider, skillVersion, promptVersion, templateVersion, costCurrency,
                    artifactCount AS n, includedCount AS included, costMicros AS micros, \(columns)
                FROM usageByDay WHERE day >= \(firstDay) AND artifactCount <> 0
                UNION ALL
                SELECT one.day, one.requestedModel, one.provider, one.skillVersion, one.promptVersion, one.templateVersion,
                    one.costCurrency, 1, one.isIncluded, one.costMicros, \(one) FROM (SELECT sequence FROM artifact WHERE \(bounds) AND createdAt < \(firstDay * day)
                    AND status <> 'pending') CROSS JOIN (
                    SELECT sequence AS number, day, requestedModel, provider, skillVersion, promptVersion,
                        templateVersion, costCurrency, isIncluded, costMicros, \(columns) FROM artifactUsage
                ) AS one ON number = sequence
                UNION ALL
                SELECT createdAt / \(day), requestedModel, '', coalesce(skillVersion, ''), coalesce(promptVersion, ''),
                    coalesce(templateVersion, ''), '', 1, 0, 0, \(columns)
                FROM artifact WHERE status = 'pending' AND createdAt >= \(since)
            ) GROUP BY \(key)
            """
    }
}
