import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Computed costs")
struct ComputedCostTests {
    /// Text in 5, image in 10, cached 1.25 and 2.5, text out 20, image out 40 for a million tokens.
    private static let prices = ModelPrices(
        currency: "USD", inputTextTokens: 5_000_000, inputImageTokens: 10_000_000, cachedInputTextTokens: 1_250_000,
        cachedInputImageTokens: 2_500_000, outputTextTokens: 20_000_000, outputImageTokens: 40_000_000)

    private static func model(_ prices: ModelPrices?, output: [Modality]? = [.image]) -> ModelDeclaration {
        ModelDeclaration(
            model: "image-model", supportsImageGeneration: .yes, supportsImageInput: .yes,
            imageGenerationMode: .directImageModel, inputModalities: [.text, .image], outputModalities: output,
            prices: prices)
    }

    private static func usage(_ change: (inout Usage) -> Void) -> Usage {
        var usage = Usage()
        usage.inputTokens = 50
        usage.inputTextTokens = 50
        usage.inputImageTokens = 0
        usage.outputTokens = 4160
        usage.totalTokens = 4210
        usage.imageCount = 1
        change(&usage)
        return usage
    }

    @Test("The published answer of the images API costs what its tokens cost")
    func published() throws {
        // 50 x 5 + 4160 x 40 millionths.
        #expect(
            Self.model(Self.prices).cost(of: Self.usage { _ in }, by: Fixture.execution)
                == Cost(micros: 166_650, currency: "USD"))
    }

    @Test("A price for an image counts images, beside the tokens in that have a price")
    func perImage() {
        let usage = Self.usage {
            $0.imageCount = 3
            $0.outputTokens = nil
            $0.totalTokens = nil
        }
        let perImage = ModelPrices(currency: "EUR", image: 39_000)
        let onlyImages = Self.usage {
            $0 = Usage()
            $0.imageCount = 3
        }
        #expect(
            Self.model(perImage).cost(of: onlyImages, by: nil) == Cost(micros: 117_000, currency: "EUR"))
        // Tokens in are there, and have no price.
        #expect(Self.model(perImage).cost(of: usage, by: nil) == nil)
        var both = perImage
        both.inputTextTokens = 2_000_000
        #expect(Self.model(both).cost(of: usage, by: nil) == Cost(micros: 117_100, currency: "EUR"))
        // And now they are not counted.
        #expect(Self.model(both).cost(of: onlyImages, by: nil) == nil)
    }

    /// Everything that makes a cost uncertain.
    private typealias Change = @Sendable (inout Usage, inout ModelDeclaration, inout ModelExecution) -> Void
    private static let uncertain: [(String, Change)] = [
        ("no prices", { _, model, _ in model.prices = nil }),
        ("a hosted tool was declared", { _, model, _ in model.imageGenerationMode = .hostedImageGenerationTool }),
        ("a hosted tool ran", { _, _, execution in execution.imageGenerationMode = .hostedImageGenerationTool }),
        ("another artifact covers it", { usage, _, _ in usage.includedInArtifactId = "other" }),
        ("tokens were written to a cache", { usage, _, _ in usage.cacheWriteInputTokens = 1 }),
        ("something else was billed", { usage, _, _ in usage.totalTokens = 4211 }),
        ("the output's split is not known", { _, model, _ in model.outputModalities = [.image, .text] }),
        ("the output's modalities are not known", { _, model, _ in model.outputModalities = nil }),
        (
            "the input's split is not known",
            { usage, _, _ in
                usage.inputTextTokens = nil
                usage.inputImageTokens = nil
            }
        ),
        ("tokens in are neither text nor image", { usage, _, _ in usage.inputTextTokens = 49 }),
        (
            "the cached tokens' split is not known",
            { usage, _, _ in
                usage.inputTextTokens = 40
                usage.inputImageTokens = 10
                usage.cachedInputTokens = 5
            }
        ),
        ("more is cached than went in", { usage, _, _ in usage.cachedInputTokens = 51 }),
        (
            "the cached tokens contradict themselves",
            { usage, _, _ in
                usage.cachedInputTokens = 5
                usage.cachedInputTextTokens = 2
                usage.cachedInputImageTokens = 0
            }
        ),
        (
            "the input is not counted, and has a price",
            { usage, _, _ in
                usage.inputTokens = nil
                usage.inputTextTokens = nil
                usage.inputImageTokens = nil
                usage.totalTokens = nil
            }
        ),
        (
            "the output is not counted, and has a price",
            { usage, _, _ in
                usage.outputTokens = nil
                usage.totalTokens = nil
            }
        ),
        (
            "an image was made of no tokens",
            { usage, _, _ in
                usage.outputTokens = 0
                usage.totalTokens = 50
            }
        ),
        (
            "cached text is counted, and cached images are not",
            { usage, _, _ in
                usage.inputTextTokens = 40
                usage.inputImageTokens = 10
                usage.cachedInputTextTokens = 5
            }
        ),
        (
            "nobody declared that the model itself makes the images, and another one ran",
            { _, model, execution in
                model.imageGenerationMode = nil
                execution.underlyingImageModel = "another"
            }
        ),
        ("the price is missing", { _, model, _ in model.prices?.outputImageTokens = nil }),
        (
            "the cached price is missing",
            { usage, model, _ in
                usage.cachedInputTokens = 5
                model.prices?.cachedInputTextTokens = nil
            }
        ),
        ("the prices end below", { _, model, _ in model.prices?.largestInputTokens = 49 }),
        (
            "nothing is known",
            { usage, _, _ in
                usage = Usage()
                usage.durationMs = 5
            }
        ),
        (
            "it is more than any cost",
            { usage, model, _ in
                model.prices?.outputImageTokens = Usage.largestCount
                usage.outputTokens = Usage.largestCount
                usage.totalTokens = Usage.largestCount + 50
            }
        ),
    ]

    @Test("What is not certain is not computed", arguments: 0..<23)
    func uncertain(index: Int) {
        #expect(Self.uncertain.count == 23)
        var usage = Self.usage { _ in }
        var model = Self.model(Self.prices)
        var execution = Fixture.execution
        #expect(model.cost(of: usage, by: execution) != nil)
        Self.uncertain[index].1(&usage, &model, &execution)
        #expect(model.cost(of: usage, by: execution) == nil, "\(Self.uncertain[index].0)")
    }

    @Test("Any usage and prices give the sum that decimal arithmetic gives, rounded once")
    func property() throws {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            func number(_ limit: Int64) -> Int64 { Int64.random(in: 0...limit, using: &random) }
            let limit: Int64 = Bool.random(using: &random) ? 20 : 1_000_000
            var usage = Usage()
            let (text, image) = (number(limit), number(limit))
            let (cachedText, cachedImage) = (number(text), number(image))
            let (textOut, imageOut) = (number(limit), number(limit))
            (usage.inputTextTokens, usage.inputImageTokens) = (text, image)
            (usage.cachedInputTextTokens, usage.cachedInputImageTokens) = (cachedText, cachedImage)
            (usage.outputTextTokens, usage.outputImageTokens) = (textOut, imageOut)
            if Bool.random(using: &random) {
                usage.inputTokens = text + image
                usage.outputTokens = textOut + imageOut
                usage.totalTokens = text + image + textOut + imageOut
                usage.cachedInputTokens = cachedText + cachedImage
            }
            let rates = (0..<6).map { _ in number(100_000_000) }
            let prices = ModelPrices(
                currency: "USD", inputTextTokens: rates[0], inputImageTokens: rates[1],
                cachedInputTextTokens: rates[2], cachedInputImageTokens: rates[3], outputTextTokens: rates[4],
                outputImageTokens: rates[5])
            let counts = [text - cachedText, image - cachedImage, cachedText, cachedImage, textOut, imageOut]
            var sum = Decimal(0)
            for (count, rate) in zip(counts, rates) { sum += Decimal(count) * Decimal(rate) / 1_000_000 }
            var rounded = Decimal(0)
            NSDecimalRound(&rounded, &sum, 0, .plain)
            let cost = Self.model(prices, output: [.text, .image]).cost(of: usage, by: nil)
            if counts.allSatisfy({ $0 == 0 }) {
                #expect(cost == nil)
            } else {
                #expect(cost.map { Decimal($0.micros) } == rounded)
            }
        }
    }

    // MARK: - In the store

    private static func open() async throws -> TemporaryStore {
        let temporary = try await TemporaryStore.open()
        try await temporary.declare([model(prices)])
        return temporary
    }

    private static func finish(
        _ temporary: TemporaryStore, _ usage: Usage?, run: String = "run_1"
    ) async throws -> GeneratedImageArtifact {
        let claim = try await temporary.claim(run: run)
        try await temporary.store.complete(
            claim, at: Fixture.reference("host/\(claim.artifactId)"), execution: Fixture.execution, usage: usage)
        return try await temporary.store.artifact(claim.artifactId)
    }

    @Test("A completed artifact gets the cost that nobody reported, from the prices it was admitted under")
    func computed() async throws {
        let temporary = try await Self.open()
        let artifact = try await Self.finish(temporary, Self.usage { _ in })
        #expect(artifact.usage?.cost == nil)
        #expect(artifact.cost == Cost(micros: 166_650, currency: "USD"))
        #expect(artifact.costSource == .computed)
        #expect(artifact.computedCost?.catalogueRevision == 1)
        #expect(artifact.computedCost?.computedAt == artifact.completedAt)
        #expect(artifact.json["usage"]?["cost"]?["micros"]?.integer == 166_650)
        #expect(artifact.json["usage"]?["costSource"]?.string == "computed")
        #expect(artifact.json["usage"]?["priceRevision"]?.integer == 1)
        // The first computation is no event of its own.
        #expect(try await temporary.store.events().map(\.kind) == [.created, .completed])
    }

    @Test("A failed artifact that took tokens has its cost, too")
    func failed() async throws {
        let temporary = try await Self.open()
        let claim = try await temporary.claim()
        try await temporary.store.fail(
            claim, Fixture.failure, execution: Fixture.execution, usage: Self.usage { $0.imageCount = nil })
        #expect(try await temporary.store.artifact(claim.artifactId).cost?.micros == 166_650)
    }

    @Test("What a provider reported stays the cost; what nobody knows is unknown; what another covers has none")
    func sources() async throws {
        let temporary = try await Self.open()
        let reported = try await Self.finish(temporary, Fixture.usage)
        #expect(reported.costSource == .providerReported && reported.computedCost == nil)
        #expect(reported.json["usage"]?["costSource"]?.string == "provider_reported")
        let unknown = try await Self.finish(temporary, nil)
        #expect(unknown.costSource == .unknown && unknown.cost == nil)
        #expect(unknown.json["usage"] == ["costSource": "unknown"])
        var usage = Usage()
        usage.includedInArtifactId = reported.artifactId
        let included = try await Self.finish(temporary, usage)
        #expect(included.costSource == nil && included.cost == nil)
        let pending = try await temporary.store.artifact(temporary.claim().artifactId)
        #expect(pending.costSource == nil && pending.json["usage"] == .null)
    }

    @Test("Another price changes computed costs and nothing else, and leaves an event")
    func recompute() async throws {
        let temporary = try await Self.open()
        let computed = try await Self.finish(temporary, Self.usage { _ in })
        let reported = try await Self.finish(temporary, Fixture.usage)
        let unknown = try await Self.finish(temporary, nil)
        temporary.clock.advance(by: .seconds(60))
        let rows = try await Self.rows(temporary)
        var prices = Self.prices
        prices.outputImageTokens = 50_000_000
        try await temporary.declare([Self.model(prices)])
        // Importing changes no cost by itself.
        #expect(try await temporary.store.artifact(computed.artifactId) == computed)

        let report = try await temporary.store.recomputeCosts()
        #expect((report.revision, report.changed, report.unchanged, report.withoutPrice) == (2, 1, 0, 0))
        let after = try await temporary.store.artifact(computed.artifactId)
        // 50 x 5 + 4160 x 50 millionths.
        #expect(after.cost == Cost(micros: 208_250, currency: "USD"))
        #expect(after.computedCost?.catalogueRevision == 2)
        #expect(after.admission == computed.admission)
        #expect(try await temporary.store.artifact(reported.artifactId) == reported)
        #expect(try await temporary.store.artifact(unknown.artifactId) == unknown)
        #expect(try await Self.rows(temporary) == rows)
        let events = try await temporary.store.events().filter { $0.kind == .costRecomputed }
        #expect(events.map(\.artifactId) == [computed.artifactId])
        #expect(events.map(\.occurredAt) == [temporary.clock.now])
        #expect(try await temporary.store.runDetail("run_1").usage.costs == [Cost(micros: 375_500, currency: "USD")])

        let again = try await temporary.store.recomputeCosts()
        #expect((again.changed, again.unchanged, again.withoutPrice) == (0, 1, 0))
        #expect(try await temporary.store.events().count == 7)
    }

    @Test("A cost stays where the prices in force no longer cover the model, and outside the filter")
    func withoutPrice() async throws {
        let temporary = try await Self.open()
        let computed = try await Self.finish(temporary, Self.usage { _ in })
        let other = try await Self.finish(temporary, Self.usage { _ in }, run: "run_2")
        try await temporary.declare([Self.model(nil)])
        let report = try await temporary.store.recomputeCosts()
        #expect((report.changed, report.unchanged, report.withoutPrice) == (0, 0, 2))
        #expect(try await temporary.store.artifact(computed.artifactId) == computed)
        try await temporary.declare([Self.model(ModelPrices(currency: "EUR", image: 1))])
        // The tokens in have no price now.
        #expect(try await temporary.store.recomputeCosts().withoutPrice == 2)
        var prices = Self.prices
        prices.currency = "EUR"
        try await temporary.declare([Self.model(prices)])
        #expect(try await temporary.store.recomputeCosts(where: ArtifactFilter(parentRunId: "run_2")).changed == 1)
        #expect(try await temporary.store.artifact(computed.artifactId) == computed)
        #expect(
            try await temporary.store.artifact(other.artifactId).cost == Cost(micros: 166_650, currency: "EUR"))
    }

    @Test("Without a catalogue there is nothing to compute from")
    func noCatalogue() async throws {
        let temporary = try await TemporaryStore.open()
        #expect(try await Self.finish(temporary, Self.usage { _ in }).costSource == .unknown)
        let error = await storeError { _ = try await temporary.store.recomputeCosts() }
        #expect(error?.code == .notFound)
    }

    /// The terminal rows, as the sqlite3 shell sees them.
    private static func rows(_ temporary: TemporaryStore) async throws -> [String] {
        try await temporary.store.repository.database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM artifact ORDER BY sequence").map(\.description)
        }
    }
}
