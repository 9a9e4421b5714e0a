import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Admission")
struct AdmissionTests {
    @Test("A declared model is admitted, and the artifact keeps the revision")
    func declared() async throws {
        let temporary = try await TemporaryStore.open()
        try await temporary.declare([.image("image-model")])
        let claim = try await temporary.claim()
        let before = try await temporary.store.artifact(claim.artifactId)
        #expect(before.admission == Admission(imageGenerationSupport: .yes, catalogueRevision: 1))
        try await temporary.declare([.image("image-model", price: 40_000)])
        try await temporary.complete(claim)
        #expect(try await temporary.store.artifact(claim.artifactId).admission == before.admission)
        let later = try await temporary.claim()
        #expect(try await temporary.store.artifact(later.artifactId).admission?.catalogueRevision == 2)
    }

    @Test("Whoever takes an artifact over finds it as it was admitted")
    func takeOver() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim(key: "hero")
        try await temporary.declare([.text("image-model")])
        temporary.clock.now = claim.expiresAt
        guard case .takenOver(let later) = try await temporary.begin(key: "hero") else {
            throw StoreError.noArtifact(claim.artifactId)
        }
        try await temporary.complete(later)
        #expect(
            try await temporary.store.artifact(claim.artifactId).admission
                == Admission(imageGenerationSupport: .unknown, catalogueRevision: nil))
    }

    @Test("A model that is declared to make no images fails at once, and the provider is not called")
    func declaredNone() async throws {
        let temporary = try await TemporaryStore.open()
        try await temporary.declare([
            .text("image-model", provider: "openai"), .image("a-painter", provider: "other"),
            .image("z-painter", provider: "openai"), .hosted("mainline", provider: "openai"), .unknown("who-knows"),
        ])
        let artifact = try await temporary.store.produce(
            Fixture.request, for: "run_1", idempotencyKey: "hero", context: Fixture.context
        ) { _ in
            Issue.record("the provider was called")
            return Fixture.answer()
        }
        #expect(artifact.status == .failed)
        #expect(artifact.failure?.type == .unsupportedModel)
        #expect(artifact.failure?.action == .chooseModel)
        #expect(artifact.failure?.message == "revision 1 of the catalogue declares that image-model makes no images")
        // Those of the same provider first.
        #expect(
            artifact.failure?.recoveryGuidance.contains("such as mainline, z-painter, a-painter, and begin again")
                == true)
        #expect(artifact.admission == Admission(imageGenerationSupport: .no, catalogueRevision: 1))
        #expect(artifact.request.model == "image-model")
        #expect(artifact.modelExecution == nil)
        var kinds: [ArtifactEvent.Kind] = []
        for event in try await temporary.store.events() { kinds.append(event.kind) }
        #expect(kinds == [.created, .failed])

        guard case .replayed(let again) = try await temporary.begin(key: "hero") else {
            throw StoreError.noArtifact(artifact.artifactId)
        }
        #expect(again == artifact)
    }

    @Test("A refused beginning says so, and has no claim to give")
    func refused() async throws {
        let temporary = try await TemporaryStore.open()
        try await temporary.declare([.text("image-model")])
        let beginning = try await temporary.begin(key: nil)
        guard case .refused(let artifact) = beginning else { throw StoreError.closed }
        #expect(artifact.failure?.recoveryGuidance.hasPrefix("No model is declared to make images.") == true)
        let error = await storeError { _ = try beginning.claim }
        #expect(error?.code == .alreadyFinished)
        #expect(error?.artifactId == artifact.artifactId)
    }

    @Test("An unknown model passes and is marked", arguments: ["no catalogue", "not in it", "in it, unknown"])
    func unknown(situation: String) async throws {
        let temporary = try await TemporaryStore.open()
        if situation != "no catalogue" {
            try await temporary.declare(situation == "not in it" ? [.image("another")] : [.unknown("image-model")])
        }
        let claim = try await temporary.claim()
        #expect(
            try await temporary.store.artifact(claim.artifactId).admission
                == Admission(
                    imageGenerationSupport: .unknown, catalogueRevision: situation == "no catalogue" ? nil : 1))
        try await temporary.complete(claim)
    }

    @Test("Under the strict setting an unknown model is refused", arguments: ["no catalogue", "not in it", "in it"])
    func strict(situation: String) async throws {
        let temporary = try await TemporaryStore.open { $0.unknownModels = .refuse }
        if situation != "no catalogue" {
            try await temporary.declare([.image("another")] + (situation == "in it" ? [.unknown("image-model")] : []))
        }
        guard case .refused(let artifact) = try await temporary.begin(key: "hero") else { throw StoreError.closed }
        #expect(artifact.failure?.type == .unsupportedModel)
        #expect(artifact.failure?.message.contains("does not say whether image-model makes images") == true)
        #expect(
            artifact.failure?.recoveryGuidance.contains("another") == (situation != "no catalogue"))
        // One that is declared is admitted.
        if situation != "no catalogue" {
            let request = GeneratedImageRequest(prompt: "a pier", model: "another")
            guard case .created = try await temporary.store.begin(request, for: "run_1") else {
                throw StoreError.closed
            }
        }
    }

    @Test("The images of one answer are admitted together, whatever is imported meanwhile", arguments: [false, true])
    func siblings(isStrict: Bool) async throws {
        let temporary = try await TemporaryStore.open { $0.unknownModels = isStrict ? .refuse : .admit }
        try await temporary.declare([.image("image-model")])
        let artifacts = try await temporary.store.produceAll(
            Fixture.request, for: "run_1", idempotencyKey: "hero"
        ) { _ in
            try await temporary.declare(isStrict ? [.unknown("image-model")] : [.text("image-model")])
            return Fixture.answer(3)
        }
        #expect(artifacts.map(\.status) == [.completed, .completed, .completed])
        #expect(Set(artifacts.map(\.admission)) == [Admission(imageGenerationSupport: .yes, catalogueRevision: 1)])
    }

    /// SQL as any program may run it, and what the schema says to it.
    @Test(
        "The schema holds admissions to the catalogue, against any program",
        arguments: [
            ("INSERT", "'no', NULL"), ("INSERT", "'yes', NULL"), ("INSERT", "'unknown', 1"), ("INSERT", "'no', 1"),
            ("INSERT", "NULL, 1"), ("INSERT", "'perhaps', 1"), ("INSERT", "'yes', 2"),
            ("UPDATE", "imageGenerationSupport = 'unknown'"), ("UPDATE", "catalogueRevision = NULL"),
        ])
    func schema(verb: String, values: String) async throws {
        let temporary = try await TemporaryStore.open()
        try await temporary.declare([.image("image-model")])
        _ = try await temporary.claim()
        let sql =
            verb == "UPDATE"
            ? "UPDATE artifact SET \(values)"
            : """
            INSERT INTO artifact (artifactId, parentRunId, requestFingerprint, createdAt, claimOwner, fencingToken, \
            claimedAt, claimExpiresAt, prompt, requestedModel, imageGenerationSupport, catalogueRevision) \
            SELECT 'other', parentRunId, requestFingerprint, createdAt, claimOwner, fencingToken, claimedAt, \
            claimExpiresAt, prompt, requestedModel, \(values) FROM artifact
            """
        await #expect(throws: (any Error).self) {
            try await temporary.store.repository.database.write { db in try db.execute(sql: sql) }
        }
        // The same with what the catalogue says.
        if verb == "INSERT" {
            let right = sql.replacingOccurrences(of: values, with: "'yes', 1")
            try await temporary.store.repository.database.write { db in try db.execute(sql: right) }
        }
    }

    @Test(
        "An answer that is there already is recorded with its images, whatever the catalogue says", arguments: [2, 1])
    func answered(images: Int) async throws {
        let temporary = try await TemporaryStore.open { $0.unknownModels = .refuse }
        let declared: [ModelDeclaration] = images == 1 ? [.unknown("image-model")] : [.text("image-model")]
        try await temporary.declare(declared)
        let (artifacts, isReplay) = try await temporary.store.record(
            Fixture.answer(images), to: Fixture.request, for: "run_1", idempotencyKey: "hero")
        #expect(!isReplay && artifacts.map(\.status) == Array(repeating: .completed, count: images))
        let support: DeclaredSupport = images == 1 ? .unknown : .no
        #expect(artifacts.allSatisfy { $0.admission?.imageGenerationSupport == support })
        for artifact in artifacts {
            #expect(try await !temporary.store.bytes(of: artifact.artifactId).isEmpty)
        }
        let again = try await temporary.store.record(
            Fixture.answer(images), to: Fixture.request, for: "run_1", idempotencyKey: "hero")
        #expect(again.isReplay && again.artifacts == artifacts)
    }
}

extension GeneratedImageRequest {
    func with(model: String) -> GeneratedImageRequest {
        var request = self
        request.model = model
        return request
    }
}

extension ModelDeclaration {
    static func image(_ model: String, provider: String? = nil, price: Int64? = nil) -> ModelDeclaration {
        ModelDeclaration(
            model: model, provider: provider, supportsImageGeneration: .yes, imageGenerationMode: .directImageModel,
            inputModalities: [.text], outputModalities: [.image],
            prices: price.map { ModelPrices(currency: "USD", image: $0) })
    }

    static func hosted(_ model: String, provider: String? = nil) -> ModelDeclaration {
        ModelDeclaration(
            model: model, provider: provider, supportsImageGeneration: .yes,
            imageGenerationMode: .hostedImageGenerationTool, outputModalities: [.text, .image])
    }

    static func text(_ model: String, provider: String? = nil) -> ModelDeclaration {
        ModelDeclaration(
            model: model, provider: provider, supportsImageGeneration: .no,
            imageGenerationMode: ImageGenerationMode.none, outputModalities: [.text])
    }

    static func unknown(_ model: String) -> ModelDeclaration { ModelDeclaration(model: model) }
}

extension TemporaryStore {
    /// Imports a catalogue of one's own that declares these models and no others.
    @discardableResult
    func declare(_ models: [ModelDeclaration]) async throws -> CatalogueImportReport {
        let list = JSONValue.object([.init("models", .array(models.map(\.json)))])
        return try await store.importCatalogue(Array(list.compactText.utf8), as: .declared)
    }

    func begin(key: String?) async throws -> Beginning {
        try await store.begin(Fixture.request, for: "run_1", idempotencyKey: key, context: Fixture.context)
    }
}
