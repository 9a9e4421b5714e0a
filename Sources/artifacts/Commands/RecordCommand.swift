internal import ArgumentParser
internal import ArtifactStore
internal import ProviderResponses

struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Record a provider's answer as the artifacts of a run.",
        discussion: """
            The request file holds prompt, model and whatever else was asked (size, quality, background, outputFormat, \
            seed, extraParameters, context). The response file holds the provider's answer as it came: httpStatus, \
            headers, body. Which API it is from is told by its shape.

            Each image becomes a completed artifact; an answer without an image becomes a failed one, with guidance. \
            With an idempotency key, recording again returns the same artifacts. An answer that leaves open whether an \
            image was made (a timeout) leaves the artifact pending and exits with 9.

            EXAMPLES
              artifacts record --run run_8f3 --request req.json --response answer.json
              artifacts record --run run_8f3 --idempotency-key hero \\
                --request req.json --response - < answer.json
            """)

    @Option(help: ArgumentHelp("The skill run that asked.", valueName: "id")) var run: String
    @Option(
        help: ArgumentHelp("What was asked, as JSON; - is standard input.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var request: String
    @Option(
        help: ArgumentHelp("The provider's recorded answer, as JSON; - is standard input.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var response: String
    @Option(help: ArgumentHelp("The run's own name for this image; recording it again is safe.", valueName: "key"))
    var idempotencyKey: String?
    @Option(
        help: ArgumentHelp("Who answered, where the shape does not tell (OpenAI-compatible APIs).", valueName: "name"))
    var provider: String?
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup var objects: ObjectsOption

    func validate() throws {
        guard request != "-" || response != "-" else {
            throw ValidationError("--request and --response cannot both be standard input")
        }
    }

    func run() async throws {
        let (request, context) = try GeneratedImageRequest.parse(InputFile.json(self.request, "request"))
        let recorded = try ProviderHTTPResponse(recorded: InputFile.json(response, "response"))
        let answer = try ProviderResponse.detect(recorded, provider: provider)
        let store = try await database.open(.readWrite, with: objects)
        let (artifacts, isReplay) = try await store.record(
            answer, to: request, for: run, idempotencyKey: idempotencyKey, context: context)
        try await store.close()
        if isReplay { Terminal.note("note: recorded before under this idempotency key; nothing was written") }
        try Terminal.write(
            ArtifactPrinter.text(
                artifacts, as: format.format, document: ["artifacts": .array(artifacts.map(\.json))]))
    }
}
