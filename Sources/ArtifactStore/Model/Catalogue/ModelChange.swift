/// What two declarations of one model differ in.
public struct ModelChange: Hashable, Sendable {
    /// One field that differs. Unknown is nil.
    public struct Field: Hashable, Sendable {
        /// The field's wire name; a price's stands behind `prices.`.
        public let name: String
        /// What was declared before, as text.
        public let old: String?
        /// What is declared now, as text.
        public let new: String?
    }

    /// The model's name.
    public let model: String
    /// The fields that differ, in the order of the wire form.
    public let fields: [Field]

    /// Nil when nothing differs.
    init?(from old: ModelDeclaration, to new: ModelDeclaration) {
        model = new.model
        fields = zip(old.fieldTexts, new.fieldTexts).compactMap { before, after in
            let isSame = before.text.map { Array($0.utf8) } == after.text.map { Array($0.utf8) }
            return isSame ? nil : Field(name: before.name, old: before.text, new: after.text)
        }
        if fields.isEmpty { return nil }
    }
}

extension ModelDeclaration {
    /// Every field but the name, as text, always the same ones in the same order.
    var fieldTexts: [(name: String, text: String?)] {
        func list(_ names: [String]?) -> String? { names.map { JSONValue.names($0).compactText } }
        var fields: [(name: String, text: String?)] = [
            ("provider", provider), ("source", source.rawValue),
            ("supportsImageGeneration", supportsImageGeneration.wireText),
            ("supportsImageInput", supportsImageInput.wireText),
            ("imageGenerationMode", imageGenerationMode?.rawValue),
            ("inputModalities", list(inputModalities?.map(\.rawValue))),
            ("outputModalities", list(outputModalities?.map(\.rawValue))),
            ("capabilities", list(capabilities)), ("prices.currency", prices?.currency),
        ]
        for kind in ModelPrices.Kind.allCases {
            fields.append(("prices.\(kind.rawValue)", prices?[kind].map { DecimalMicros.text($0) }))
        }
        fields.append(("prices.largestInputTokens", prices?.largestInputTokens.map { String($0) }))
        return fields
    }
}
