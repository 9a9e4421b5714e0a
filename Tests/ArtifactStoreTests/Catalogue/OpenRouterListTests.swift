import Testing

@testable import ArtifactStore

@Suite("OpenRouter's format, rule by rule")
struct OpenRouterListTests {
    private func only(_ model: JSONValue) throws -> CatalogueDraft {
        try CatalogueFiles.draft(["data": [model]], as: .openrouter)
    }

    private func model(
        _ output: JSONValue, pricing: JSONValue = ["prompt": "0.000003", "completion": "0.000015"]
    ) -> JSONValue {
        [
            "id": "maker/model", "architecture": ["input_modalities": ["text", "image"], "output_modalities": output],
            "supported_parameters": ["tools", "seed"], "pricing": pricing,
        ]
    }

    @Test("Its output modalities are the whole truth about its endpoint: image is yes, none is no")
    func generation() throws {
        let painter = try #require(only(model(["text", "image"])).declarations.first)
        #expect(painter.supportsImageGeneration == .yes && painter.imageGenerationMode == nil)
        #expect(painter.provider == nil)
        #expect(painter.capabilities == ["seed", "tools"])
        #expect(painter.supportsImageInput == .yes)
        let writer = try #require(only(model(["text"])).declarations.first)
        #expect(writer.supportsImageGeneration == .no)
        #expect(writer.imageGenerationMode == ImageGenerationMode.none)
        let silent = try #require(only(["id": "x"]).declarations.first)
        #expect(silent == ModelDeclaration(model: "x", source: .openrouter))
    }

    @Test("A bare array is a list, too")
    func bare() throws {
        #expect(try CatalogueFiles.draft([model(["text"])], as: .openrouter).declarations.count == 1)
    }

    @Test("Prices are read by their digits, and left out where others count beside them")
    func prices() throws {
        func prices(_ pricing: JSONValue, _ output: JSONValue = ["text"]) throws -> ModelPrices? {
            try #require(only(model(output, pricing: pricing)).declarations.first).prices
        }
        #expect(
            try prices([
                "prompt": "0.000003", "completion": "0.000015", "input_cache_read": "0.0000003", "request": "0",
            ])
                == ModelPrices(
                    currency: "USD", inputTextTokens: 3_000_000, cachedInputTextTokens: 300_000,
                    outputTextTokens: 15_000_000))
        #expect(try prices(["prompt": "0.000003", "request": "0.01"]) == nil)
        #expect(try prices(["prompt": "0.000003", "a_new_one": "0.01"]) == nil)
        #expect(try prices(["prompt": "0.000003", "web_search": "0.01"]) != nil)
        #expect(try prices(["prompt": "0.000003", "image": "0.001"]) != nil)
        #expect(try prices(["prompt": "0.000003", "image": "0.001"], ["image"]) == nil)
        #expect(try prices(["prompt": "-1", "completion": "-1"]) == nil)
        #expect(try prices(["prompt": "-1", "completion": "0.1"])?.inputTextTokens == nil)
        let draft = try only(model(["text"], pricing: ["prompt": "-1"]))
        #expect(
            draft.notDeclared.ordered.contains { $0.field == "prices.inputTextTokens" && $0.reason.contains("varies") })
    }

    @Test(
        "A malformed entry is left out, with model, field and reason",
        arguments: [
            (["name": "x"], "id"), (["id": 7], "id"), (["id": ""], "model"), ("text", "the entry"),
            (["id": "x", "architecture": "text"], "architecture"),
            (["id": "x", "architecture": ["output_modalities": "text"]], "output_modalities"),
            (["id": "x", "supported_parameters": [7]], "supported_parameters"),
            (["id": "x", "pricing": "free"], "pricing"), (["id": "x", "pricing": ["prompt": true]], "pricing.prompt"),
            (["id": "maker/model"], "model"),
        ] as [(JSONValue, String)])
    func refused(entry: JSONValue, field: String) throws {
        let draft = try CatalogueFiles.draft(["data": [model(["text"]), entry]], as: .openrouter)
        #expect(draft.declarations.map(\.model) == ["maker/model"])
        #expect(draft.refused.map(\.field) == [field])
        #expect(draft.entryCount == 2)
    }
}
