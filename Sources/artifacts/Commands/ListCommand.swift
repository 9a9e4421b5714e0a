internal import ArgumentParser
internal import ArtifactStore

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List artifacts, or search their prompts.",
        discussion: """
            Every filter given must hold. A list that goes on prints a cursor; give it back with the same filters and \
            order to read on. Times are RFC 3339 (2026-03-01T09:30:00Z), dates (2026-03-01, UTC), or how long ago (7d, \
            12h). On a narrow terminal the table has fewer columns; the other formats have everything.

            A search keeps artifacts whose prompt and revised prompt hold every word of it between them, whatever the \
            case; "…" in it keeps a phrase together. By rank, the best matches come first, on one page.

            EXAMPLES
              artifacts list --failure-type unsafe_image_request --since 2026-03-01
              artifacts list --model gpt-image-1.5 --format ndjson --all
              artifacts list --search 'lighthouse "at dusk"' --order rank
            """)

    @Option(help: "Only this status.") var status: ArtifactStatus?
    @Option(help: ArgumentHelp("Only this skill run.", valueName: "id")) var run: String?
    @Option(help: ArgumentHelp("Only this model, requested or underlying.", valueName: "name")) var model: String?
    @Option(help: ArgumentHelp("Only this provider.", valueName: "name")) var provider: String?
    @Option(help: ArgumentHelp("Only this type of failure.", valueName: "type"))
    var failureType: ArtifactFailure.FailureType?
    @Option(help: ArgumentHelp("Only this version of the skill.", valueName: "version")) var skillVersion: String?
    @Option(help: ArgumentHelp("Only this version of the prompt.", valueName: "version")) var promptVersion: String?
    @Option(help: ArgumentHelp("Only this version of the template.", valueName: "version"))
    var templateVersion: String?
    @Option(help: ArgumentHelp("Created at or after this time or date.", valueName: "time")) var since: Timestamp?
    @Option(help: ArgumentHelp("Created before this time or date.", valueName: "time")) var until: Timestamp?
    @Option(help: ArgumentHelp("Only with these words in the prompts.", valueName: "words")) var search: String?
    @Option(help: "Which come first; rank goes with --search.") var order: ArtifactOrder = .newestFirst
    @Option(help: ArgumentHelp("Artifacts on a page, 1 to 1000.", valueName: "count")) var limit = 50
    @Option(help: ArgumentHelp("Where a former page ended.", valueName: "text")) var cursor: String?
    @Flag(help: "Every page, not only one.") var all = false
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func validate() throws {
        guard (1...ArtifactStore.largestPage).contains(limit) else {
            throw ValidationError("--limit must be 1 to \(ArtifactStore.largestPage)")
        }
        if all, format.format == .json {
            throw ValidationError("--all prints page by page; use --format ndjson, csv or table with it")
        }
    }

    func run() async throws {
        let filter = ArtifactFilter(
            status: status, parentRunId: run, model: model, provider: provider, failureType: failureType,
            skillVersion: skillVersion, promptVersion: promptVersion, templateVersion: templateVersion, since: since,
            until: until, search: search)
        var position = try cursor.map { try PageCursor($0, filter: filter, order: order) }
        let store = try await database.openForReading()
        var printer = ArtifactPrinter(format: format.format)
        var count = 0
        repeat {
            let page = try await store.page(where: filter, order: order, after: position, limit: limit)
            position = page.nextCursor
            let document: JSONValue = [
                "artifacts": .array(page.artifacts.map(\.json)),
                "nextCursor": position.map { .string($0.text) } ?? .null,
            ]
            try Terminal.write(printer.text(page.artifacts, document: document))
            count += page.artifacts.count
        } while all && position != nil
        try await store.close()
        if count == 0, format.format == .table { Terminal.note("no artifact matches") }
        if let position, format.format != .json { Terminal.note("more: repeat with --cursor \(position)") }
    }
}
