/// LiteLLM's price and capability file: a JSON object of entries by model name.
///
/// What its fields say is taken over; what they are silent about stays unknown. The rules are in `Docs/CATALOGUE.md`.
enum LiteLLMFile {
    static func read(_ json: JSONValue) throws(StoreError) -> CatalogueDraft {
        guard let entries = json.members else {
            throw .invalid(
                "the LiteLLM file", "is not a JSON object",
                hint: "It is one, of entries by model name; was --source right?")
        }
        var draft = CatalogueDraft(source: .litellm)
        for entry in entries {
            if let reason = templateReason(entry.value) {
                draft.add(notModel: entry.name, reason)
            } else {
                draft.add(entry.name) { () throws(DeclarationFlaw) in
                    try LiteLLMEntry(name: entry.name, fields: EntryFields(entry.value, "the entry")).reading()
                }
            }
        }
        return draft
    }

    /// Why an entry is a description of entries: where others have a word, it has prose.
    private static func templateReason(_ entry: JSONValue) -> String? {
        if let mode = entry["mode"]?.string, !Modality.isWord(mode) { return "its mode is no word" }
        if let provider = entry["litellm_provider"]?.string, provider.unicodeScalars.contains(where: { $0 == " " }) {
            return "its litellm_provider is prose"
        }
        let isEntry = entry.members.map { members in
            members.contains { member in
                ["mode", "litellm_provider"].contains(member.name) || member.name.contains("_cost_")
                    || member.name.hasPrefix("support")
            }
        }
        return isEntry == false ? "it has no field of an entry, such as mode or litellm_provider" : nil
    }
}

/// One entry of the file.
private struct LiteLLMEntry {
    let name: String
    let fields: EntryFields
    private var gaps: [DeclarationGap] = []

    init(name: String, fields: EntryFields) {
        self.name = name
        self.fields = fields
    }

    consuming func reading() throws(DeclarationFlaw) -> EntryReading {
        let mode = try fields.text("mode")
        let input = try fields.modalities("supported_modalities")
        let output = try fields.modalities("supported_output_modalities")
        let (generation, generationMode) = try generation(mode, output)
        let takesImages = try imageInput(mode, input)
        if takesImages == .unknown {
            gaps.append(DeclarationGap("supportsImageInput", "the source does not say whether it takes images"))
        }
        if input == nil { gaps.append(DeclarationGap("inputModalities", "the source does not list them")) }
        if output == nil { gaps.append(DeclarationGap("outputModalities", "the source does not list them")) }
        let provider = try fields.text("litellm_provider")
        if provider == nil { gaps.append(DeclarationGap("provider", "the source does not name it")) }
        let capabilities = try capabilities()
        if capabilities == nil {
            gaps.append(DeclarationGap("capabilities", "the source says of none that it is there"))
        }
        let (prices, unpriced) = try LiteLLMPrices(fields).reading()
        return EntryReading(
            declaration: ModelDeclaration(
                model: name, provider: provider, source: .litellm, supportsImageGeneration: generation,
                supportsImageInput: takesImages, imageGenerationMode: generationMode, inputModalities: input,
                outputModalities: output, capabilities: capabilities, prices: prices),
            gaps: gaps + unpriced)
    }

    /// Whether and how it makes images, by its mode and by what it puts out.
    private mutating func generation(
        _ mode: String?, _ output: [Modality]?
    ) throws(DeclarationFlaw) -> (DeclaredSupport, ImageGenerationMode?) {
        switch mode {
        case "image_generation": return (.yes, .directImageModel)
        case "image_edit":
            if try fields.texts("supported_endpoints")?.contains("/v1/images/generations") == true {
                return (.yes, .directImageModel)
            }
            return unknown("the source says that it edits images, not that it makes one from a prompt alone")
        case "chat", "responses", "completion":
            guard let output else {
                return unknown("the source does not list what the model puts out")
            }
            guard output.contains(.image) else {
                // It lists text alone for models whose provider has a tool that makes images.
                return unknown("the source's list of output modalities is silent about hosted image tools")
            }
            gaps.append(
                DeclarationGap(
                    "imageGenerationMode", "the source does not say whether by itself or through a hosted tool"))
            return (.yes, nil)
        case .some(let mode): return unknown("the source's mode \(mode) says nothing about making images")
        case nil: return unknown("the source gives no mode")
        }
    }

    private mutating func unknown(_ reason: String) -> (DeclaredSupport, ImageGenerationMode?) {
        gaps.append(DeclarationGap("supportsImageGeneration", reason))
        gaps.append(DeclarationGap("imageGenerationMode", "it is unknown whether it makes images"))
        return (.unknown, nil)
    }

    private func imageInput(_ mode: String?, _ input: [Modality]?) throws(DeclarationFlaw) -> DeclaredSupport {
        let hasVision = try fields.bool("supports_vision")
        if mode == "image_edit" { return .yes }
        if let hasVision { return DeclaredSupport(hasVision) }
        return input.map { DeclaredSupport($0.contains(.image)) } ?? .unknown
    }

    private func capabilities() throws(DeclarationFlaw) -> [String]? {
        let prefix = "supports_"
        var capabilities: [String] = []
        for name in fields.names where name.hasPrefix(prefix) {
            if try fields.bool(name) == true { capabilities.append(String(name.dropFirst(prefix.count))) }
        }
        return capabilities.isEmpty ? nil : capabilities
    }
}
