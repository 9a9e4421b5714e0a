internal import ArgumentParser
internal import ArtifactStore

struct FailuresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failures", abstract: "Count failures, and say what to do about them.",
        discussion: """
            The most frequent ones come first, each with the guidance of the last artifact that failed so.

            EXAMPLES
              artifacts failures --since 7d
              artifacts failures --by provider --since 24h --format json
            """)

    @Option(help: "What to count by, beside the type.") var by: FailureGrouping = .type
    @OptionGroup var only: SummaryFilterOptions
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForReading()
        let groups = try await store.failures(by: by, where: only.filter())
        try await store.close()
        let rows = groups.map { $0.json(by: by) }
        try Terminal.write(
            format.text(
                table: Self.text(groups, by), document: .object([.init("failures", .array(rows))]), rows: rows,
                columns: (by == .type ? [] : [by.rawValue]) + Self.columns))
        if groups.isEmpty, format.format == .table { Terminal.note("nothing failed") }
    }

    private static let columns = [
        "type", "count", "retryableCount", "lastFailedAt", "lastArtifactId", "lastMessage", "recoveryGuidance",
        "action",
    ]

    private static func text(_ groups: [FailureGroup], _ grouping: FailureGrouping) -> String {
        var columns: [Table.Column] = [
            .init(title: "TYPE"), .init(title: "COUNT"), .init(title: "RETRYABLE", leftOut: 0),
            .init(title: "LAST", leftOut: 1), .init(title: "LAST ARTIFACT", leftOut: 2),
        ]
        if grouping != .type { columns.insert(.init(title: grouping.rawValue.uppercased(), cut: (0, 10)), at: 1) }
        var table = Table(columns, width: Terminal.width)
        for group in groups {
            var cells = [
                group.type.rawValue, "\(group.count)", "\(group.retryableCount)",
                ArtifactTable.minutes(group.lastFailedAt), group.lastArtifactId.text,
            ]
            if grouping != .type { cells.insert(group.key ?? "(unknown)", at: 1) }
            table.add(cells, colour: [0: .red])
        }
        var layout: Table.Layout?
        var detail = DetailText()
        detail.append(table.text(continuing: &layout))
        var explained: Set<ArtifactFailure.FailureType> = []
        for group in groups where explained.insert(group.type).inserted {
            detail.heading(group.type.rawValue)
            detail.line("last message", group.lastFailure.message)
            detail.line("recoveryGuidance", group.lastFailure.recoveryGuidance)
        }
        return detail.text
    }
}
