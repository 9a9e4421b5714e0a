import Testing

@testable import ArtifactStore

@Suite("One's own list of models")
struct DeclaredListTests {
    private func refusal(_ json: JSONValue) -> StoreError? {
        do {
            _ = try CatalogueFiles.draft(json, as: .declared)
            return nil
        } catch {
            return error as? StoreError
        }
    }

    @Test("What a list declares is read as it stands, and what it leaves out is unknown")
    func reading() throws {
        let draft = try CatalogueFiles.draft(
            [
                "models": [
                    ["model": "a"],
                    [
                        "model": "b", "provider": "openai", "source": "litellm", "supportsImageGeneration": true,
                        "supportsImageInput": "unknown", "imageGenerationMode": "direct_image_model",
                        "outputModalities": ["text", "image"], "capabilities": ["seed", "edit"],
                        "prices": ["currency": "USD", "inputTextTokens": "5", "image": .number("4e-2")],
                    ],
                ]
            ], as: .declared)
        #expect(
            draft.declarations == [
                ModelDeclaration(model: "a"),
                ModelDeclaration(
                    model: "b", provider: "openai", supportsImageGeneration: .yes,
                    imageGenerationMode: .directImageModel, outputModalities: [.image, .text],
                    capabilities: ["edit", "seed"],
                    prices: ModelPrices(currency: "USD", inputTextTokens: 5_000_000, image: 40_000)),
            ])
    }

    @Test("False and none mean each other, and nothing else is implied")
    func implied() throws {
        func only(_ fields: JSONValue) throws -> ModelDeclaration? {
            let model = JSONValue.object([.init("model", "m")] + (fields.members ?? []))
            return try CatalogueFiles.draft(["models": [model]], as: .declared).declarations.first
        }
        let no = ModelDeclaration(
            model: "m", supportsImageGeneration: .no, imageGenerationMode: ImageGenerationMode.none)
        #expect(try only(["supportsImageGeneration": false]) == no)
        #expect(try only(["imageGenerationMode": "none"]) == no)
        #expect(try only(["supportsImageGeneration": true])?.imageGenerationMode == nil)
        #expect(throws: StoreError.self) { try only(["imageGenerationMode": "direct_image_model"]) }
        #expect(throws: StoreError.self) { try only(["outputModalities": ["image"]]) }
    }

    @Test(
        "Anything wrong refuses all of it, naming model and field",
        arguments: [
            (["model": "bad", "colour": "red"], "colour"), (["model": "bad", "provider": 7], "provider"),
            (["model": "bad", "provider": ""], "provider"), (["model": "bad", "source": "hearsay"], "source"),
            (["model": "bad", "supportsImageGeneration": "yes"], "supportsImageGeneration"),
            (["model": "bad", "supportsImageGeneration": 1], "supportsImageGeneration"),
            (["model": "bad", "imageGenerationMode": "magic"], "imageGenerationMode"),
            (["model": "bad", "imageGenerationMode": "unknown"], "imageGenerationMode"),
            (["model": "bad", "imageGenerationMode": "direct_image_model"], "imageGenerationMode"),
            (["model": "bad", "supportsImageGeneration": true, "imageGenerationMode": "none"], "imageGenerationMode"),
            (["model": "bad", "outputModalities": []], "outputModalities"),
            (["model": "bad", "outputModalities": "text"], "outputModalities"),
            (["model": "bad", "inputModalities": ["TEXT"]], "inputModalities"),
            (["model": "bad", "capabilities": [7]], "capabilities"),
            (["model": "bad", "capabilities": []], "capabilities"),
            (["model": "bad", "prices": ["image": "1"]], "prices.currency"),
            (["model": "bad", "prices": ["currency": "usd", "image": "1"]], "prices.currency"),
            (["model": "bad", "prices": ["currency": "USD"]], "prices"),
            (["model": "bad", "prices": ["currency": "USD", "image": "0.0000001"]], "prices.image"),
            (["model": "bad", "prices": ["currency": "USD", "image": "1e999999999"]], "prices.image"),
            (["model": "bad", "prices": ["currency": "USD", "image": "NaN"]], "prices.image"),
            (["model": "bad", "prices": ["currency": "USD", "image": "1000000.000001"]], "prices.image"),
            (["model": "bad", "prices": ["currency": "USD", "pixel": "1"]], "prices.pixel"),
            (
                ["model": "bad", "prices": ["currency": "USD", "image": "1", "largestInputTokens": .number("0.5")]],
                "prices.largestInputTokens"
            ),
        ] as [(JSONValue, String)])
    func refused(model: JSONValue, field: String) throws {
        let error = try #require(refusal(["models": [["model": "good"], model]]))
        #expect(error.code == .invalidInput)
        #expect(error.message.contains("\"bad\""), "\(error)")
        #expect(error.message.contains("\(field) "), "\(error)")
    }

    @Test("A name that is there twice is refused by its bytes, not by how it looks")
    func duplicates() throws {
        let error = try #require(refusal(["models": [["model": "caf\u{E9}"], ["model": "caf\u{E9}"]]]))
        #expect(error.message.contains("twice"), "\(error)")
        #expect(refusal(["models": [["model": "caf\u{E9}"], ["model": "cafe\u{301}"]]]) == nil)
    }

    @Test("What is no list of models is refused")
    func noList() {
        for json: JSONValue in [
            [], .null, "models", [:], ["models": [:]], ["models": .null], ["modles": []], ["models": [7]],
        ] {
            #expect(refusal(json)?.code == .invalidInput, "\(json.compactText)")
        }
        for source in CatalogueSource.allCases {
            for text in [
                "", "{", "[", "nul", "{\"a\":NaN}", "{\"a\":1,\"a\":2}", "[\"\u{0}\"]",
                String(repeating: "[", count: 100),
            ] {
                #expect(throws: StoreError.self) { try CatalogueDraft.read(Array(text.utf8), as: source) }
            }
            #expect(throws: StoreError.self) { try CatalogueDraft.read([0xFF, 0xFE], as: source) }
        }
    }

    @Test("At most 100,000 models are read")
    func count() throws {
        let models = (0...DeclaredList.largestCount).map { JSONValue.object([.init("model", .string("m\($0)"))]) }
        #expect(refusal(["models": .array(models)]) != nil)
        #expect(refusal(["models": .array(Array(models.dropLast()))]) == nil)
    }
}
