internal import ArgumentParser
internal import ArtifactStore

struct RecomputeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recompute", abstract: "Compute costs anew from the catalogue's prices in force.",
        discussion: """
            After a price was corrected. Only costs that were computed are computed again; what a provider reported, and \
            what nobody knows, stays. Records never change: a new computation stands beside the earlier ones, and an \
            event tells of each. Say since when the prices hold, or older artifacts get them, too.

            EXAMPLE
              artifacts recompute --since 2026-03-01
            """)

    @OptionGroup var only: SummaryFilterOptions
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForWriting()
        let report = try await store.recomputeCosts(where: only.filter())
        try await store.close()
        try Terminal.write(
            format.text(
                table: Self.text(report), document: report.json,
                columns: ["revision", "changed", "unchanged", "withoutPrice"]))
    }

    private static func text(_ report: CostRecomputation) -> String {
        var detail = DetailText()
        detail.line("price revision", report.revision)
        detail.line("changed", report.changed)
        detail.line("unchanged", report.unchanged)
        detail.line("without price", report.withoutPrice)
        return detail.text
    }
}
