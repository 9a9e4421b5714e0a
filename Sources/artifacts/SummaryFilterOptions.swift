internal import ArgumentParser
internal import ArtifactStore

/// Which artifacts a summary is about.
struct SummaryFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only this model, requested or underlying.", valueName: "name")) var model: String?
    @Option(help: ArgumentHelp("Only this provider.", valueName: "name")) var provider: String?
    @Option(help: ArgumentHelp("Created at or after this time, date, or so long ago: 30d.", valueName: "time"))
    var since: Timestamp?
    @Option(help: ArgumentHelp("Created before this time, date, or so long ago.", valueName: "time"))
    var until: Timestamp?

    func filter(run: String? = nil) -> ArtifactFilter {
        ArtifactFilter(parentRunId: run, model: model, provider: provider, since: since, until: until)
    }
}
