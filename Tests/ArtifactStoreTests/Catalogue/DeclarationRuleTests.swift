import Testing

@testable import ArtifactStore

@Suite("What a declaration must agree with itself in")
struct DeclarationRuleTests {
    /// The rules as they are written down, one after the other, and not as the library asks them.
    private static func rules(_ it: ModelDeclaration) -> [(name: String, isBroken: Bool)] {
        let isNone = it.imageGenerationMode == ImageGenerationMode.none
        let makes = it.supportsImageGeneration
        let hasMode = it.imageGenerationMode != nil && !isNone
        func prices(_ isWrong: (ModelPrices) -> Bool) -> Bool { it.prices.map(isWrong) ?? false }
        func amounts(_ prices: ModelPrices) -> [Int64?] {
            [
                prices.inputTextTokens, prices.inputImageTokens, prices.cachedInputTextTokens,
                prices.cachedInputImageTokens, prices.outputTextTokens, prices.outputImageTokens, prices.image,
            ]
        }
        return [
            ("a mode needs support", hasMode && makes != .yes),
            ("support has no mode none", makes == .yes && isNone),
            ("no support means none", makes == .no && !isNone),
            ("none means no support", isNone && makes != .no),
            ("support puts out images", makes == .yes && it.outputModalities?.contains(.image) == false),
            ("images out are support", makes != .yes && it.outputModalities?.contains(.image) == true),
            ("image input goes in", it.supportsImageInput == .yes && it.inputModalities?.contains(.image) == false),
            (
                "images in are image input",
                it.supportsImageInput != .yes && it.inputModalities?.contains(.image) == true
            ),
            (
                "no list is empty",
                [it.inputModalities?.count, it.outputModalities?.count, it.capabilities?.count].contains(0)
            ),
            ("no text is empty or holds NUL", it.provider == "" || it.provider?.contains("\0") == true),
            ("no signed query", it.capabilities?.contains("sig=1&se=2") == true),
            ("prices have a currency", prices { !["USD", "EUR"].contains($0.currency) }),
            ("prices are some", prices { amounts($0).allSatisfy { $0 == nil } }),
            (
                "prices have a range",
                prices { amounts($0).contains { $0.map { $0 < 0 || $0 > 1_000_000_000_000 } ?? false } }
            ),
            (
                "the limit has a range",
                prices { $0.largestInputTokens.map { $0 < 1 || $0 > 1_000_000_000_000 } ?? false }
            ),
        ]
    }

    @Test("Random declarations are refused exactly when they break a rule, and each rule alone is enough")
    func random() {
        var random = RandomDeclaration(seed: 7)
        var alone: [String: Int] = [:]
        var right = 0
        for _ in 0..<20_000 {
            let declaration = random.any()
            let broken = Self.rules(declaration).filter(\.isBroken).map(\.name)
            let isAccepted = (try? declaration.validate()) != nil
            #expect(isAccepted == broken.isEmpty, "\(broken): \(declaration.json.compactText)")
            if broken.count == 1 { alone[broken[0], default: 0] += 1 }
            if broken.isEmpty { right += 1 }
        }
        #expect(right > 30)
        // Two rules never break alone: none with support breaks both that name none.
        let inPairs: Set = ["support has no mode none"]
        for rule in Self.rules(ModelDeclaration(model: "m")).map(\.name) where !inPairs.contains(rule) {
            #expect(alone[rule] ?? 0 > 0, "\(rule)")
        }
    }

    @Test("A refusal names the model and the field")
    func named() {
        let cases: [(ModelDeclaration, String)] = [
            (ModelDeclaration(model: "m1", imageGenerationMode: .directImageModel), "imageGenerationMode"),
            (
                ModelDeclaration(
                    model: "m1", supportsImageGeneration: .no, imageGenerationMode: .hostedImageGenerationTool),
                "imageGenerationMode"
            ),
            (
                ModelDeclaration(
                    model: "m1", supportsImageGeneration: .yes, imageGenerationMode: ImageGenerationMode.none),
                "imageGenerationMode"
            ),
            (ModelDeclaration(model: "m1", imageGenerationMode: ImageGenerationMode.none), "supportsImageGeneration"),
            (ModelDeclaration(model: "m1", supportsImageGeneration: .no), "imageGenerationMode"),
            (
                ModelDeclaration(model: "m1", supportsImageGeneration: .yes, outputModalities: [.text]),
                "supportsImageGeneration"
            ),
            (ModelDeclaration(model: "m1", outputModalities: [.image]), "supportsImageGeneration"),
            (ModelDeclaration(model: "m1", supportsImageInput: .yes, inputModalities: [.text]), "supportsImageInput"),
            (ModelDeclaration(model: "m1", inputModalities: [.image]), "supportsImageInput"),
            (ModelDeclaration(model: "m1", supportsImageInput: .no, inputModalities: [.image]), "supportsImageInput"),
            (ModelDeclaration(model: "m1", prices: ModelPrices(currency: "USD")), "prices"),
            (ModelDeclaration(model: "m1", prices: ModelPrices(currency: "usd", image: 1)), "prices.currency"),
            (ModelDeclaration(model: "m1", prices: ModelPrices(currency: "USD", image: -1)), "prices.image"),
        ]
        for (declaration, field) in cases {
            #expect(throws: StoreError.self) { try declaration.validate() }
            do {
                try declaration.validate()
            } catch {
                #expect(error.code == .invalidInput)
                #expect(error.message.contains("\"m1\"") && error.message.contains(": \(field) "), "\(error.message)")
            }
        }
    }

    @Test(
        "A list that is unknown contradicts nothing, and unknown support contradicts a list without image only by image"
    )
    func unknown() throws {
        for support in DeclaredSupport.allCases {
            try ModelDeclaration(
                model: "m", supportsImageGeneration: support, supportsImageInput: support,
                imageGenerationMode: support == .no ? ImageGenerationMode.none : nil
            ).validate()
        }
        try ModelDeclaration(model: "m", inputModalities: [.text], outputModalities: [.text]).validate()
    }

    @Test("A right declaration comes back from its JSON as it was, but for its source")
    func roundTrip() throws {
        var random = RandomDeclaration(seed: 8)
        for _ in 0..<500 {
            var declaration = random.right()
            let text = declaration.json.prettyText
            let read = try ModelDeclaration.parse(JSONParser.parse(text), "m")
            declaration.source = .declared
            #expect(read == declaration)
            #expect(read.json.compactText.utf8.elementsEqual(declaration.json.compactText.utf8))
        }
    }

    @Test("Two declarations have one digest exactly when no field of theirs differs")
    func digests() {
        var random = RandomDeclaration(seed: 9)
        var same = 0
        for _ in 0..<2_000 {
            let left = random.right(named: "m")
            let right = Bool.random(using: &random.generator) ? left : random.right(named: "m")
            let isSame = ModelChange(from: left, to: right) == nil
            #expect(isSame == (left.digest == right.digest))
            same += isSame ? 1 : 0
        }
        #expect((500..<1_900).contains(same))
    }
}
