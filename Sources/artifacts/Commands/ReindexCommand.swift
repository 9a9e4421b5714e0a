internal import ArgumentParser
internal import ArtifactStore

struct ReindexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex", abstract: "Make the prompt index and the usage sums anew.",
        discussion: """
            Triggers keep both in step, whoever writes. This is for a file that was damaged, and for ridding the index \
            of the words of deleted prompts. It says whether they were in step. Other writers wait meanwhile.

            EXAMPLE
              artifacts reindex --database renders.sqlite
            """)

    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForWriting()
        let report = try await Terminal.showingProgress { try await store.rebuildIndexes(progress: $0) }
        try await store.close()
        try Terminal.write(
            format.text(
                table: Self.text(report), document: report.json, columns: ["searchWasInStep", "usageWasInStep"]))
    }

    private static func text(_ report: IndexReport) -> String {
        func state(_ wasInStep: Bool) -> String { wasInStep ? "was in step; rebuilt" : "was not in step; rebuilt" }
        var detail = DetailText()
        detail.line("prompt index", state(report.searchWasInStep))
        detail.line("usage sums", state(report.usageWasInStep))
        return detail.text
    }
}
