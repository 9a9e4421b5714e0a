import Testing

@testable import ArtifactStore

@Suite("Which models a list holds")
struct ModelFilterTests {
    private static let direct = ModelDeclaration(
        model: "painter", provider: "openai", supportsImageGeneration: .yes, imageGenerationMode: .directImageModel)
    private static let hosted = ModelDeclaration(
        model: "writer", provider: "openai", supportsImageGeneration: .yes, supportsImageInput: .yes,
        imageGenerationMode: .hostedImageGenerationTool, inputModalities: [.text, .image],
        outputModalities: [.text, .image], capabilities: ["tools"])
    private static let unsaid = ModelDeclaration(
        model: "maker", supportsImageGeneration: .yes, outputModalities: [.image])
    private static let text = ModelDeclaration(
        model: "gpt-image-lookalike", provider: "google", supportsImageGeneration: .no, supportsImageInput: .no,
        imageGenerationMode: ImageGenerationMode.none, inputModalities: [.text], outputModalities: [.text])
    private static let silent = ModelDeclaration(model: "silent")
    private static let all = [direct, hosted, unsaid, text, silent]

    private func names(_ filter: ModelFilter) -> [String] {
        Self.all.filter(filter.holds).map(\.model)
    }

    @Test("Text is the default; image holds whatever makes images; both list direct and hosted models together")
    func modalities() {
        #expect(names(ModelFilter()) == ["writer", "gpt-image-lookalike"])
        #expect(names(ModelFilter(modalities: [.image])) == ["painter", "writer", "maker"])
        #expect(
            names(ModelFilter(modalities: [.text, .image])) == ["painter", "writer", "maker", "gpt-image-lookalike"])
        #expect(names(ModelFilter(modalities: [.audio])).isEmpty)
    }

    @Test("Every other condition must hold, and unknown is a value of its own")
    func conditions() {
        let either: Set<Modality> = [.text, .image]
        #expect(names(ModelFilter(modalities: either, mode: .directImageModel)) == ["painter"])
        #expect(names(ModelFilter(modalities: either, mode: .hostedImageGenerationTool)) == ["writer"])
        #expect(names(ModelFilter(modalities: either, mode: ImageGenerationMode.none)) == ["gpt-image-lookalike"])
        #expect(names(ModelFilter(modalities: either, provider: "openai")) == ["painter", "writer"])
        #expect(names(ModelFilter(modalities: either, capability: "tools")) == ["writer"])
        #expect(names(ModelFilter(modalities: either, supportsImageInput: .yes)) == ["writer"])
        #expect(names(ModelFilter(modalities: either, supportsImageInput: .no)) == ["gpt-image-lookalike"])
        #expect(names(ModelFilter(modalities: either, supportsImageInput: .unknown)) == ["painter", "maker"])
        #expect(throws: StoreError.self) { try ModelFilter(modalities: []).validate() }
    }

    @Test("Names decide nothing: renamed at random, models are in the same lists, and imported as the same")
    func renamed() throws {
        var random = RandomDeclaration(seed: 10)
        let misleading = ["gpt-image-1", "dall-e-3", "text-embedding-3", "flux", "sample", "imagen", "whisper"]
        let filters = ([.text, .image, .audio, .video] as [Modality]).flatMap { modality in
            [nil, ImageGenerationMode.directImageModel].map { ModelFilter(modalities: [modality], mode: $0) }
        }
        for _ in 0..<500 {
            let original = random.right()
            var renamed = original
            renamed.model = "\(misleading.randomElement(using: &random.generator) ?? "")-\(random.name())"
            for filter in filters { #expect(filter.holds(for: original) == filter.holds(for: renamed)) }
        }
        guard case .object(let members) = try JSONParser.parse(CatalogueFiles.litellm()) else { return }
        var number = 0
        let other = members.map { member in
            number += 1
            return JSONValue.Member(
                "\(misleading.randomElement(using: &random.generator) ?? "")-\(number)", member.value)
        }
        let first = try CatalogueFiles.draft(.object(members), as: .litellm)
        let second = try CatalogueFiles.draft(.object(other), as: .litellm)
        #expect(second.declarations.count == 661 && second.notModels.count == 1)
        for (one, another) in zip(first.declarations, second.declarations) {
            var renamed = another
            renamed.model = one.model
            #expect(renamed == one)
        }
    }
}
