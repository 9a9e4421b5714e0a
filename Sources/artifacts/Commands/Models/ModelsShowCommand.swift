internal import ArgumentParser
internal import ArtifactStore

struct ModelsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what one model is declared to do and to cost.",
        discussion: """
            EXAMPLE
              artifacts models show gpt-image-1.5 --format json
            """)

    @Argument(help: "The model's exact name.") var model: String
    @Option(help: ArgumentHelp("The catalogue's revision. Default: the current one.", valueName: "number"))
    var revision: Int64?
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForReading()
        let declaration = try await store.model(model, revision: revision)
        try await store.close()
        try Terminal.write(
            format.text(
                table: Self.text(declaration), document: declaration.json, columns: CSV.modelColumns))
    }

    private static func text(_ model: ModelDeclaration) -> String {
        var detail = DetailText()
        detail.heading("model \(Printable.text(model.model))")
        detail.line("provider", model.provider)
        detail.line("source", model.source.rawValue)
        detail.line("makes images", model.supportsImageGeneration.rawValue)
        detail.line("takes images", model.supportsImageInput.rawValue)
        detail.line("imageGenerationMode", model.imageGenerationMode?.rawValue ?? "unknown")
        detail.line("inputModalities", model.inputModalities?.map(\.rawValue).joined(separator: ", ") ?? "unknown")
        detail.line("outputModalities", model.outputModalities?.map(\.rawValue).joined(separator: ", ") ?? "unknown")
        detail.line("capabilities", model.capabilities?.joined(separator: ", "))
        guard let prices = model.prices else { return detail.text }
        detail.heading("prices in \(prices.currency)")
        for member in prices.json.members ?? [] {
            guard let price = member.value.string, member.name != "currency" else { continue }
            detail.line(member.name, "\(price) \(member.name == "image" ? "an image" : "a million tokens")")
        }
        detail.line("up to input tokens", prices.largestInputTokens)
        return detail.text
    }
}
