internal import ArgumentParser
internal import ArtifactStore

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Show everything known about a skill run.",
        discussion: """
            Artifacts, how many have each status, models and providers, versions, usage and exact costs, failures with \
            guidance. --format json has everything in full; ndjson and csv print the run's artifacts.

            EXAMPLE
              artifacts run run_8f3 --format json
            """)

    @Argument(help: "The run's id.") var id: String
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForReading()
        let detail = try await store.runDetail(id)
        try await store.close()
        try Terminal.write(
            format.format == .table
                ? Self.text(detail)
                : ArtifactPrinter.text(detail.artifacts, as: format.format, document: detail.json))
    }

    private static func text(_ run: RunDetail) -> String {
        var detail = DetailText()
        detail.heading("run \(Printable.text(run.parentRunId))")
        let counts = run.counts
        detail.line(
            "artifacts",
            "\(counts.total): \(counts.completed) completed, \(counts.failed) failed, \(counts.pending) pending")
        for use in run.models {
            let ran = use.underlyingImageModel.map { " -> \($0)" } ?? ""
            let way = [use.provider, use.imageGenerationMode?.rawValue, use.hostedToolOutputType].compactMap { $0 }
            detail.line(
                "model",
                "\(use.requestedModel)\(ran)\(way.isEmpty ? "" : " (\(way.joined(separator: ", ")))") x\(use.artifactCount)"
            )
        }
        for version in run.versions {
            let known = [
                version.skillVersion.map { "skill \($0)" }, version.promptVersion.map { "prompt \($0)" },
                version.templateVersion.map { "template \($0)" },
            ].compactMap { $0 }
            detail.line("versions", known.joined(separator: ", "))
        }
        let parts = composition(of: run)
        for part in parts.prefix(mostParts) {
            detail.line("prompt \(part.role)", Printable.line(part.shown, atMost: 240))
        }
        if parts.count > mostParts { detail.line("prompt …", "and \(parts.count - mostParts) more parts") }
        detail.line("inputTokens", run.usage.inputTokens.value)
        detail.line("outputTokens", run.usage.outputTokens.value)
        detail.line("totalTokens", run.usage.totalTokens.value)
        for cost in run.usage.costs { detail.line("cost", DetailText.money(cost)) }
        if run.usage.artifactsWithoutCost > 0 {
            detail.line("cost unknown for", counted(run.usage.artifactsWithoutCost))
        }
        var layout: Table.Layout?
        detail.append("\n" + ArtifactTable.text(run.artifacts, showsRun: false, continuing: &layout))
        for failure in run.failures {
            detail.heading("failed \(Printable.text(failure.artifactId.text))")
            detail.line("type", failure.failure.type.rawValue, colour: .red)
            detail.line("message", failure.failure.message)
            detail.line("recoveryGuidance", failure.failure.recoveryGuidance)
        }
        return detail.text
    }

    /// A run of many artifacts has as many prompts; further ones would push its figures off the screen.
    private static let mostParts = 12

    /// The parts of the run's prompts, each once.
    private static func composition(of run: RunDetail) -> [PromptPart] {
        var known: Set<PromptPart> = []
        return run.artifacts.flatMap(\.context.promptComposition).filter { known.insert($0).inserted }
    }
}
