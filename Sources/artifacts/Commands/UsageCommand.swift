internal import ArgumentParser
internal import ArtifactStore

struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Sum tokens and cost by day, model, provider, run or version.",
        discussion: """
            Sums are exact, and each is over the artifacts that know the number. Currencies are kept apart. What nobody \
            knows the cost of is counted, never taken as 0. An answer with several images is summed once.

            EXAMPLES
              artifacts usage --since 30d
              artifacts usage --by model --provider openai --since 2026-03-01 --format csv
            """)

    @Option(help: "What to sum by.") var by: UsageGrouping = .day
    @Option(help: ArgumentHelp("Only this skill run.", valueName: "id")) var run: String?
    @OptionGroup var only: SummaryFilterOptions
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForReading()
        let summary = try await store.usage(by: by, where: only.filter(run: run))
        try await store.close()
        try Terminal.write(
            format.text(
                table: Self.text(summary, by), document: summary.json, rows: summary.groups.map(\.json),
                columns: Self.keys(by) + Self.columns))
        if summary.groups.isEmpty, format.format == .table { Terminal.note("no artifact matches") }
    }

    private static func keys(_ grouping: UsageGrouping) -> [String] {
        switch grouping {
        case .day: ["day"]
        case .model: ["model"]
        case .provider: ["provider"]
        case .run: ["parentRunId"]
        case .version: ["skillVersion", "promptVersion", "templateVersion"]
        }
    }

    private static let columns = [
        "counts.total", "counts.completed", "counts.failed", "counts.pending", "usage.inputTokens",
        "usage.inputTextTokens", "usage.inputImageTokens", "usage.cachedInputTokens", "usage.cachedInputTextTokens",
        "usage.cachedInputImageTokens", "usage.cacheWriteInputTokens", "usage.outputTokens", "usage.outputTextTokens",
        "usage.outputImageTokens", "usage.totalTokens", "usage.costs", "usage.artifactsWithoutCost",
    ]

    private static func text(_ summary: UsageSummary, _ grouping: UsageGrouping) -> String {
        var table = Table(
            [
                .init(title: grouping.rawValue.uppercased(), cut: (0, 10)), .init(title: "ARTIFACTS"),
                .init(title: "FAILED", leftOut: 2), .init(title: "TOKENS IN", leftOut: 0),
                .init(title: "TOKENS OUT", leftOut: 1), .init(title: "COST"), .init(title: "WITHOUT COST"),
            ], width: Terminal.width)
        func add(_ name: String, _ counts: StatusCounts, _ usage: UsageTotals) {
            table.add([
                name, "\(counts.total)", "\(counts.failed)", usage.inputTokens.value.map(String.init) ?? "",
                usage.outputTokens.value.map(String.init) ?? "",
                usage.costs.map(DetailText.money).joined(separator: ", "), "\(usage.artifactsWithoutCost)",
            ])
        }
        for group in summary.groups { add(name(group.key), group.counts, group.usage) }
        if summary.groups.count > 1 { add("total", summary.counts, summary.usage) }
        var layout: Table.Layout?
        return table.text(continuing: &layout)
    }

    private static func name(_ key: UsageKey) -> String {
        switch key {
        case .day(let moment): return String(moment.description.prefix(10))
        case .model(let name), .run(let name): return name
        case .provider(let name): return name ?? "(unknown)"
        case .version(let version):
            let known = [
                version.skillVersion.map { "skill \($0)" }, version.promptVersion.map { "prompt \($0)" },
                version.templateVersion.map { "template \($0)" },
            ].compactMap { $0 }
            return known.isEmpty ? "(unknown)" : known.joined(separator: ", ")
        }
    }
}
