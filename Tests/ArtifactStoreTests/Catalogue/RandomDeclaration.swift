import ArtifactStoreTesting

@testable import ArtifactStore

/// Declarations made at random, right ones and wrong ones.
struct RandomDeclaration {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    private static let modalities: [Modality] = [.text, .image, .audio, .video, .file, .embeddings]

    private mutating func one<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    private mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? {
        Bool.random(using: &generator) ? value(&self) : nil
    }

    private mutating func list() -> [Modality] {
        let count = Int.random(in: 0...3, using: &generator)
        return (0..<count).map { _ in one(Self.modalities) }
    }

    mutating func name() -> String {
        let letters = (0..<8).map { _ in one(Array("abcdefghijklmnopqrstuvwxyz0123456789-./ é")) }
        return String(letters)
    }

    private mutating func price() -> Int64 {
        one([
            0, 1, 40_000_000, 1_000_000_000_000, 1_000_000_000_001, -1,
            Int64.random(in: 0...10_000_000, using: &generator),
        ])
    }

    private mutating func prices() -> ModelPrices {
        var prices = ModelPrices(currency: one(["USD", "USD", "USD", "EUR", "usd", "US", ""]))
        for kind in ModelPrices.Kind.allCases { prices[kind] = maybe { $0.maybe { $0.price() } } ?? nil }
        prices.largestInputTokens = maybe { $0.one([0, 200_000, 1_000_000_000_001, -1]) }
        return prices
    }

    /// A declaration of that name in which anything may be wrong.
    mutating func any(named name: String? = nil) -> ModelDeclaration {
        ModelDeclaration(
            model: name ?? self.name(), provider: maybe { $0.one(["openai", "google", "x\0y", ""]) },
            source: one(CatalogueSource.allCases), supportsImageGeneration: one(DeclaredSupport.allCases),
            supportsImageInput: one(DeclaredSupport.allCases),
            imageGenerationMode: maybe { $0.one(ImageGenerationMode.allCases) },
            inputModalities: maybe { $0.list() }, outputModalities: maybe { $0.list() },
            capabilities: maybe { generator in
                (0..<Int.random(in: 0...3, using: &generator.generator)).map { _ in
                    generator.one(["vision", "tools", "a \"quoted\" one", "sig=1&se=2", "caf\u{E9}", "cafe\u{301}"])
                }
            }, prices: maybe { $0.prices() })
    }

    /// A declaration of that name in which nothing is wrong.
    mutating func right(named name: String? = nil) -> ModelDeclaration {
        while true {
            let declaration = any(named: name)
            if (try? declaration.validate()) != nil { return declaration }
        }
    }
}
