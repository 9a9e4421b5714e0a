extension ModelDeclaration: Encodable {
    /// The declaration as one JSON object. Prices are decimal text, in units of their currency.
    public var json: JSONValue {
        .object(fields: [
            ("model", .string(model)),
            ("provider", .optional(provider)),
            ("source", .string(source.rawValue)),
            ("supportsImageGeneration", supportsImageGeneration.json),
            ("supportsImageInput", supportsImageInput.json),
            ("imageGenerationMode", .optional(imageGenerationMode?.rawValue)),
            ("inputModalities", inputModalities.map { .names($0.map(\.rawValue)) }),
            ("outputModalities", outputModalities.map { .names($0.map(\.rawValue)) }),
            ("capabilities", capabilities.map(JSONValue.names)),
            ("prices", prices?.json),
        ])
    }

    /// Writes ``json``.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }

    /// Reads ``json``. The source is always one's own, whatever it says: this is a list that somebody vouches for.
    ///
    /// - Parameter path: Where the value stands; the errors name it, with the model.
    static func parse(_ json: JSONValue, _ path: String) throws(StoreError) -> ModelDeclaration {
        let path = json["model"]?.string.map { "\(path) \"\($0.prefix(64))\"" } ?? path
        let fields = try JSONFields(
            json, path,
            known: [
                "model", "provider", "source", "supportsImageGeneration", "supportsImageInput", "imageGenerationMode",
                "inputModalities", "outputModalities", "capabilities", "prices",
            ])
        let _: CatalogueSource? = try fields.one("source")
        var generation = try fields.support("supportsImageGeneration")
        var mode: ImageGenerationMode? = try fields.one("imageGenerationMode")
        // Each of the two is what the other one means.
        if mode == nil, generation == .no { mode = ImageGenerationMode.none }
        if mode == ImageGenerationMode.none, generation == nil { generation = .no }
        return ModelDeclaration(
            model: try fields.requiredText("model"), provider: try fields.text("provider"),
            supportsImageGeneration: generation ?? .unknown,
            supportsImageInput: try fields.support("supportsImageInput") ?? .unknown, imageGenerationMode: mode,
            inputModalities: try fields.modalities("inputModalities"),
            outputModalities: try fields.modalities("outputModalities"),
            capabilities: try fields.names("capabilities"),
            prices: try fields.value("prices").map { value throws(StoreError) in
                try ModelPrices.parse(value, "\(path).prices")
            })
    }
}

extension DeclaredSupport {
    var json: JSONValue {
        switch self {
        case .yes: true
        case .no: false
        case .unknown: "unknown"
        }
    }
}

extension JSONValue {
    static func names(_ names: [String]) -> JSONValue {
        .array(names.map(JSONValue.string))
    }
}

extension ModelPrices {
    /// The prices as one JSON object: decimal text in units of the currency, for a million tokens or for an image.
    public var json: JSONValue {
        .object(
            fields: [("currency", .string(currency))]
                + Kind.allCases.map { kind in (kind.rawValue, .optional(self[kind].map { DecimalMicros.text($0) })) }
                + [("largestInputTokens", .optional(largestInputTokens))])
    }

    fileprivate static func parse(_ json: JSONValue, _ path: String) throws(StoreError) -> ModelPrices {
        let fields = try JSONFields(
            json, path, known: Set(["currency", "largestInputTokens"] + Kind.allCases.map(\.rawValue)))
        var prices = ModelPrices(
            currency: try fields.requiredText("currency"),
            largestInputTokens: try fields.integer("largestInputTokens"))
        for kind in Kind.allCases {
            switch fields.value(kind.rawValue) {
            case nil: break
            case .string(let literal), .number(let literal):
                guard let micros = DecimalMicros.micros(literal) else {
                    throw .invalid(
                        "\(path).\(kind.rawValue)", "is no amount that can be kept exactly",
                        hint: "Give a decimal number from 0 to 1000000 with at most six digits behind the point.")
                }
                prices[kind] = micros
            default:
                throw .invalid(
                    "\(path).\(kind.rawValue)", "is neither a decimal text nor a number", hint: "Quote the number.")
            }
        }
        return prices
    }
}

/// What declarations hold beyond text and numbers.
extension JSONFields {
    fileprivate func one<Word: RawRepresentable<String> & CaseIterable>(_ name: String) throws(StoreError) -> Word? {
        guard let text = try text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw invalid(
                name, "is an unknown word",
                hint: "Give one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return word
    }

    func support(_ name: String) throws(StoreError) -> DeclaredSupport? {
        switch value(name) {
        case nil: return nil
        case .bool(let isSupported): return DeclaredSupport(isSupported)
        case .string(DeclaredSupport.unknown.wireText): return .unknown
        default: throw invalid(name, "is neither true, false nor \"unknown\"", hint: "Give one of them.")
        }
    }

    fileprivate func names(_ name: String) throws(StoreError) -> [String]? {
        guard let value = value(name) else { return nil }
        var names: [String] = []
        for element in value.array ?? [.null] {
            guard let text = element.string else {
                throw invalid(name, "is not an array of strings", hint: "List the names, quoted.")
            }
            names.append(text)
        }
        return names
    }

    fileprivate func modalities(_ name: String) throws(StoreError) -> [Modality]? {
        guard let names = try names(name) else { return nil }
        var modalities: [Modality] = []
        for text in names {
            guard let modality = Modality(rawValue: text) else {
                throw invalid(
                    name, "names no modality by \"\(text.prefix(64))\"",
                    hint: "Modalities are words of 1 to 32 lower-case letters, digits and _.")
            }
            modalities.append(modality)
        }
        return modalities
    }
}
