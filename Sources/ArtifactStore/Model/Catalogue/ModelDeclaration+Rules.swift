/// What a declaration must agree with itself in. The schema states the same rules as CHECK constraints.
extension ModelDeclaration {
    /// - Throws: ``StoreError`` `invalidInput` naming the model and the field.
    func validate() throws(StoreError) {
        do {
            try check()
        } catch {
            throw StoreError(
                .invalidInput, "the model \"\(model.prefix(64))\" is not declared right: \(error.reason)",
                hint: error.hint)
        }
    }

    func check() throws(DeclarationFlaw) {
        try Self.check(text: model, "model")
        if let provider { try Self.check(text: provider, "provider") }
        try checkGeneration()
        if let outputModalities {
            let makesImages = outputModalities.contains(.image)
            try Self.check(list: outputModalities.map(\.rawValue), "outputModalities")
            if makesImages != (supportsImageGeneration == .yes) {
                throw DeclarationFlaw(
                    "supportsImageGeneration",
                    "is \(supportsImageGeneration.wireText) although outputModalities "
                        + (makesImages ? "names image" : "does not name image"),
                    hint: "Make the two agree, or leave outputModalities out.")
            }
        }
        if let inputModalities {
            let takesImages = inputModalities.contains(.image)
            try Self.check(list: inputModalities.map(\.rawValue), "inputModalities")
            if takesImages != (supportsImageInput == .yes) {
                throw DeclarationFlaw(
                    "supportsImageInput",
                    "is \(supportsImageInput.wireText) although inputModalities "
                        + (takesImages ? "names image" : "does not name image"),
                    hint: "Make the two agree, or leave inputModalities out.")
            }
        }
        if let capabilities {
            for name in capabilities { try Self.check(text: name, "capabilities") }
            try Self.check(list: capabilities, "capabilities")
        }
        try prices?.check()
    }

    private func checkGeneration() throws(DeclarationFlaw) {
        let isNone = imageGenerationMode == ImageGenerationMode.none
        switch supportsImageGeneration {
        case .yes where isNone:
            throw DeclarationFlaw(
                "imageGenerationMode", "is none although supportsImageGeneration is true", hint: Self.generationHint)
        case .no where imageGenerationMode == nil:
            throw DeclarationFlaw(
                "imageGenerationMode", "is unknown although supportsImageGeneration is false",
                hint: Self.generationHint)
        case .unknown where isNone:
            throw DeclarationFlaw(
                "supportsImageGeneration", "is unknown although imageGenerationMode is none",
                hint: Self.generationHint)
        case .no where !isNone, .unknown where imageGenerationMode != nil:
            throw DeclarationFlaw(
                "imageGenerationMode",
                "is \(imageGenerationMode?.rawValue ?? "") although supportsImageGeneration is "
                    + supportsImageGeneration.wireText, hint: Self.generationHint)
        default: break
        }
    }

    private static let generationHint =
        "A model that makes no images has the mode none; one that makes them has another mode, or leaves it out."

    private static func check(text: String, _ field: String) throws(DeclarationFlaw) {
        do {
            try TextRule.check(text, field)
        } catch {
            throw DeclarationFlaw(field, error)
        }
    }

    private static func check(list: [String], _ field: String) throws(DeclarationFlaw) {
        guard !list.isEmpty else {
            throw DeclarationFlaw(field, "is empty", hint: "Leave it out when it is unknown.")
        }
        do {
            try TextRule.check(JSONValue.names(list).compactText, field, atMost: TextLimit.message)
        } catch {
            throw DeclarationFlaw(field, error)
        }
    }
}
