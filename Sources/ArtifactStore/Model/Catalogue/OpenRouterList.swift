/// A list of models as OpenRouter's API gives it: `{"data": [ … ]}`, or the array alone.
///
/// Its architecture is the router's word about all that its endpoint takes and gives. Its prices are US dollars, as
/// decimal text. The rules are in `Docs/CATALOGUE.md`.
enum OpenRouterList {
    static func read(_ json: JSONValue) throws(StoreError) -> CatalogueDraft {
        guard let models = (json["data"] ?? json).array else {
            throw .invalid(
                "the list of models", "has no array of models",
                hint: "It is an array, or an object with one under data; was --source right?")
        }
        var draft = CatalogueDraft(source: .openrouter)
        for (index, model) in models.enumerated() {
            let name = model["id"]?.string ?? "data[\(index)]"
            draft.add(name) { () throws(DeclarationFlaw) in try reading(EntryFields(model, "the entry")) }
        }
        return draft
    }

    private static func reading(_ fields: EntryFields) throws(DeclarationFlaw) -> EntryReading {
        guard let model = try fields.text("id") else { throw DeclarationFlaw("id", "is missing") }
        var gaps = [
            // The first half of an id looks like one, but nobody says so.
            DeclarationGap("provider", "the source does not name it")
        ]
        let architecture = try fields.value("architecture").map { value throws(DeclarationFlaw) in
            try EntryFields(value, "architecture")
        }
        let input = try architecture?.modalities("input_modalities")
        let output = try architecture?.modalities("output_modalities")
        let makesImages = output.map { DeclaredSupport($0.contains(.image)) } ?? .unknown
        let takesImages = input.map { DeclaredSupport($0.contains(.image)) } ?? .unknown
        if output == nil {
            gaps.append(DeclarationGap("outputModalities", "the source does not list them"))
            gaps.append(
                DeclarationGap("supportsImageGeneration", "the source does not list what the model puts out"))
            gaps.append(DeclarationGap("imageGenerationMode", "it is unknown whether it makes images"))
        }
        if input == nil {
            gaps.append(DeclarationGap("inputModalities", "the source does not list them"))
            gaps.append(DeclarationGap("supportsImageInput", "the source does not say whether it takes images"))
        }
        if makesImages == .yes {
            gaps.append(
                DeclarationGap(
                    "imageGenerationMode", "the source does not say whether by itself or through a hosted tool"))
        }
        let capabilities = try fields.texts("supported_parameters")
        if capabilities == nil {
            gaps.append(DeclarationGap("capabilities", "the source says of none that it is there"))
        }
        let (prices, unpriced) = try prices(fields, makesImages: makesImages != .no)
        return EntryReading(
            declaration: ModelDeclaration(
                model: model, source: .openrouter, supportsImageGeneration: makesImages,
                supportsImageInput: takesImages,
                imageGenerationMode: makesImages == .no ? ImageGenerationMode.none : nil, inputModalities: input,
                outputModalities: output, capabilities: capabilities, prices: prices),
            gaps: gaps + unpriced)
    }

    private static let kept: [(field: String, kind: ModelPrices.Kind)] = [
        ("prompt", .inputTextTokens), ("input_cache_read", .cachedInputTextTokens), ("completion", .outputTextTokens),
    ]

    /// Prices that do not count for an image made from a prompt. Whatever else has one does, or may.
    private static let passedOver: Set<String> = [
        // Tokens written to the cache are counted by themselves, sound and searches are no part of it.
        "input_cache_write", "audio", "input_audio_cache", "web_search",
    ]

    private static func prices(
        _ fields: EntryFields, makesImages: Bool
    ) throws(DeclarationFlaw) -> (prices: ModelPrices?, gaps: [DeclarationGap]) {
        guard let value = fields.value("pricing") else {
            return (nil, [DeclarationGap("prices", "the source has none that are kept")])
        }
        let pricing = try EntryFields(value, "pricing")
        var prices = ModelPrices(currency: "USD")
        var gaps: [DeclarationGap] = []
        for name in pricing.names where !passedOver.contains(name) {
            let literal: String
            switch pricing.value(name) {
            case .string(let text), .number(let text): literal = text
            default: throw DeclarationFlaw("pricing.\(name.prefix(64))", "is neither text nor a number")
            }
            if let kind = kept.first(where: { $0.field == name })?.kind {
                if let micros = DecimalMicros.micros(literal, shift: 6), micros <= Usage.largestCount {
                    prices[kind] = micros
                } else {
                    let isVariable = literal.hasPrefix("-")
                    gaps.append(
                        DeclarationGap(
                            "prices.\(kind.rawValue)",
                            isVariable ? "the source says that it varies" : "the source's number cannot be kept exactly"
                        ))
                }
            } else if DecimalMicros.micros(literal) != 0, name != "image" || makesImages {
                // The list has image for images that go in; where images come out, too, it does not say which it means.
                let reason =
                    ["request", "image", "internal_reasoning"].contains(name)
                    ? "the source has a price \(name) beside them, which is not kept"
                    : "the source has a price beside them that is not known here"
                return (nil, [DeclarationGap("prices", reason)])
            }
        }
        guard !prices.isEmpty else {
            let reason = gaps.isEmpty ? "the source has none that are kept" : "all that the source has are left out"
            return (nil, gaps + [DeclarationGap("prices", reason)])
        }
        return (prices, gaps)
    }
}
