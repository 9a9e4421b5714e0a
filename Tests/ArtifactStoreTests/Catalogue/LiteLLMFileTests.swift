import Testing

@testable import ArtifactStore

@Suite("LiteLLM's format, rule by rule")
struct LiteLLMFileTests {
    private func only(_ entry: JSONValue) throws -> ModelDeclaration {
        try #require(CatalogueFiles.litellm(entry).declarations.first)
    }

    @Test("A template is known by its values, whatever its name")
    func template() throws {
        for entry: JSONValue in [
            ["mode": "one of: chat, embedding", "litellm_provider": "openai"],
            ["mode": "chat", "litellm_provider": "one of https://docs.litellm.ai/docs/providers"],
        ] {
            let draft = try CatalogueFiles.litellm(entry, named: "gpt-image-1")
            #expect(draft.notModels.map(\.name) == ["gpt-image-1"] && draft.declarations.isEmpty)
        }
        let model = try CatalogueFiles.litellm(["mode": "chat"], named: "sample_spec")
        #expect(model.declarations.count == 1)
    }

    @Test("What a mode is silent about is unknown, with the reason", arguments: ["embedding", "rerank", "a_new_one"])
    func otherModes(mode: String) throws {
        let draft = try CatalogueFiles.litellm(["mode": .string(mode)])
        #expect(draft.declarations.map(\.supportsImageGeneration) == [.unknown])
        let reason = draft.notDeclared.ordered.first { $0.field == "supportsImageGeneration" }?.reason
        #expect(reason?.contains(mode) == true)
    }

    @Test("A list of text alone does not say that a chat model makes no images")
    func silentList() throws {
        let model = try only(["mode": "chat", "supported_output_modalities": ["text"]])
        #expect(model.supportsImageGeneration == .unknown)
        #expect(model.imageGenerationMode == nil)
    }

    @Test("Null is as if it were not there, and an empty list declares nothing")
    func absent() throws {
        let model = try only([
            "mode": .null, "supported_modalities": [], "supported_output_modalities": .null, "supports_vision": .null,
        ])
        #expect(model == ModelDeclaration(model: "m", source: .litellm))
    }

    @Test(
        "A malformed or contradictory entry is left out, with model, field and reason, and the others are not",
        arguments: [
            (["mode": "image_generation", "supported_output_modalities": ["text"]], "supportsImageGeneration"),
            (["supports_vision": true, "supported_modalities": ["text"]], "supportsImageInput"),
            (["supports_vision": false, "supported_modalities": ["image"]], "supportsImageInput"),
            (["mode": "image_edit", "supported_modalities": ["text"]], "supportsImageInput"),
            (["mode": 7], "mode"), (["supports_vision": "yes"], "supports_vision"),
            (["supports_tools": 1], "supports_tools"), (["litellm_provider": ["x"]], "litellm_provider"),
            (["supported_modalities": "text"], "supported_modalities"),
            (["supported_modalities": ["Text"]], "supported_modalities"),
            (["supported_output_modalities": [1]], "supported_output_modalities"),
            (["input_cost_per_token": "free"], "input_cost_per_token"),
            (
                ["input_cost_per_token_above_200k_tokens": "x", "input_cost_per_token": 1],
                "input_cost_per_token_above_200k_tokens"
            ),
            (["mode": "image_edit", "supported_endpoints": 1], "supported_endpoints"),
            ("text", "the entry"), ([], "the entry"), (.null, "the entry"),
        ] as [(JSONValue, String)])
    func refused(entry: JSONValue, field: String) throws {
        let good: JSONValue = ["mode": "image_generation"]
        let draft = try CatalogueFiles.draft(
            .object([.init("a", good), .init("bad", entry), .init("z", good)]), as: .litellm)
        #expect(draft.declarations.map(\.model) == ["a", "z"])
        #expect(draft.refused.map(\.model) == ["bad"])
        #expect(draft.refused.map(\.field) == [field])
        #expect(draft.refused.allSatisfy { $0.reason.hasPrefix("\(field) ") })
        #expect(draft.entryCount == 3)
    }

    @Test(
        "Prices that would make a wrong cost are not declared",
        arguments: [
            (["output_cost_per_image": .number("0.04")], .image, true),
            (
                ["output_cost_per_image": .number("0.04"), "output_cost_per_image_token": .number("3e-5")], .image,
                false
            ),
            (["output_cost_per_image": .number("0.04"), "output_cost_per_image_token": 0], .image, true),
            (["output_cost_per_image": .number("0.04"), "input_cost_per_image": .number("0.01")], .image, false),
            (["output_cost_per_image": .number("0.04"), "input_cost_per_image": .number("0.0")], .image, true),
            (["output_cost_per_image": .number("0.04"), "output_cost_per_image_4K": .number("0.1")], .image, false),
            (["output_cost_per_image": .number("0.04"), "input_cost_per_pixel": .number("1e-8")], .image, false),
            (
                ["output_cost_per_token": .number("1e-8"), "output_cost_per_second": .number("1e-4")],
                .outputTextTokens,
                false
            ),
            (
                ["output_cost_per_token": .number("1e-5"), "output_cost_per_reasoning_token": .number("0.00001")],
                .outputTextTokens, true
            ),
            (
                ["output_cost_per_token": .number("1e-5"), "output_cost_per_reasoning_token": .number("2e-5")],
                .outputTextTokens, false
            ),
            (
                ["input_cost_per_token": .number("1e-5"), "input_cost_per_character": .number("1e-6")],
                .inputTextTokens,
                false
            ),
            (["input_cost_per_token": .number("1e-14")], .inputTextTokens, false),
            (["input_cost_per_token": .number("-1e-6")], .inputTextTokens, false),
            (["input_cost_per_token": .number("1.000001")], .inputTextTokens, false),
            (["input_cost_per_token": .number("1")], .inputTextTokens, true),
            (["input_cost_per_token_batches": .number("1e-6")], .inputTextTokens, false),
        ] as [(JSONValue, ModelPrices.Kind, Bool)])
    func prices(entry: JSONValue, kind: ModelPrices.Kind, isDeclared: Bool) throws {
        let draft = try CatalogueFiles.litellm(entry)
        let model = try #require(draft.declarations.first)
        #expect((model.prices?[kind] != nil) == isDeclared)
        let isExplained = draft.notDeclared.ordered.contains { $0.field.hasPrefix("prices") }
        #expect(isExplained != isDeclared)
    }

    @Test("The least of several limits holds")
    func limits() throws {
        let model = try only([
            "input_cost_per_token": .number("1e-6"), "input_cost_per_token_above_272k_tokens": .number("2e-6"),
            "output_cost_per_token_above_128k_tokens": .number("2e-6"), "x_above_k_tokens": 1, "above_1k_tokens": 1,
        ])
        #expect(model.prices == ModelPrices(currency: "USD", inputTextTokens: 1_000_000, largestInputTokens: 128_000))
    }
}
