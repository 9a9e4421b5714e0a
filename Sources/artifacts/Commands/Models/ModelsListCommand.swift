internal import ArgumentParser
internal import ArtifactStore

struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List models by what they are declared to do.",
        discussion: """
            Every filter given must hold. A model is listed when it puts out any of the modalities; image holds for \
            all that make images, by themselves or by a tool. Without --modalities, the models that put out text.

            EXAMPLES
              artifacts models list --modalities image --mode direct_image_model
              artifacts models list --modalities text,image --image-input unknown
            """)

    @Option(help: ArgumentHelp("What they put out, any of these.", valueName: "list"))
    var modalities: ModalityList = .init(modalities: [.text])
    @Option(help: "How they make images.") var mode: ImageGenerationMode?
    @Option(help: ArgumentHelp("Only this provider.", valueName: "name")) var provider: String?
    @Option(help: ArgumentHelp("Only models declared to have it.", valueName: "name")) var capability: String?
    @Option(help: "Whether they take images.") var imageInput: DeclaredSupport?
    @Option(help: ArgumentHelp("The catalogue's revision. Default: the current one.", valueName: "number"))
    var revision: Int64?
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForReading()
        let models = try await store.models(
            where: ModelFilter(
                modalities: modalities.modalities, mode: mode, provider: provider, capability: capability,
                supportsImageInput: imageInput), revision: revision)
        try await store.close()
        let rows = models.map(\.json)
        try Terminal.write(
            format.text(
                table: Self.text(models), document: .object([.init("models", .array(rows))]), rows: rows,
                columns: CSV.modelColumns))
        if models.isEmpty, format.format == .table {
            Terminal.note("no model matches; artifacts models import FILE brings some")
        }
    }

    private static func text(_ models: [ModelDeclaration]) -> String {
        // The name is never cut while anything else is left: it is what the next command is given.
        var table = Table(
            [
                .init(title: "MODEL"), .init(title: "PROVIDER", cut: (1, 8), leftOut: 2), .init(title: "MAKES IMAGES"),
                .init(title: "MODE", cut: (2, 8), leftOut: 3), .init(title: "TAKES IMAGES", leftOut: 4),
                .init(title: "PUTS OUT", cut: (0, 8), leftOut: 1), .init(title: "SOURCE", leftOut: 0),
            ], width: Terminal.width)
        for model in models {
            table.add([
                model.model, model.provider ?? "", model.supportsImageGeneration.rawValue,
                model.imageGenerationMode?.rawValue ?? "", model.supportsImageInput.rawValue,
                model.outputModalities?.map(\.rawValue).joined(separator: ",") ?? "", model.source.rawValue,
            ])
        }
        var layout: Table.Layout?
        return table.text(continuing: &layout)
    }
}

extension CSV {
    /// The columns of a model's declaration.
    static let modelColumns = [
        "model", "provider", "source", "supportsImageGeneration", "supportsImageInput", "imageGenerationMode",
        "inputModalities", "outputModalities", "capabilities", "prices.currency", "prices.inputTextTokens",
        "prices.inputImageTokens", "prices.cachedInputTextTokens", "prices.cachedInputImageTokens",
        "prices.outputTextTokens", "prices.outputImageTokens", "prices.image", "prices.largestInputTokens",
    ]
}
