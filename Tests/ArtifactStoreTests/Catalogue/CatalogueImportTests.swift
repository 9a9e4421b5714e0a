import ArtifactStoreTesting
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Importing into the catalogue")
struct CatalogueImportTests {
    private func list(_ models: [ModelDeclaration]) -> [UInt8] {
        Array(JSONValue.object([.init("models", .array(models.map(\.json)))]).compactText.utf8)
    }

    @Test("LiteLLM's own file makes one revision, and imported again none")
    func litellm() async throws {
        let temporary = try await TemporaryStore.open()
        let bytes = try CatalogueFiles.litellm()
        let first = try await temporary.store.importCatalogue(bytes, as: .litellm)
        #expect(first.revision == 1 && first.added.count == 661)
        let second = try await temporary.store.importCatalogue(bytes, as: .litellm)
        #expect(second.revision == nil && second.unchanged == 661)
        let revisions = try await temporary.store.catalogueRevisions()
        #expect(revisions.map(\.modelCount) == [661])
        #expect(revisions.map(\.importedAt) == [temporary.clock.now])
        // What is read back is what was declared, field by field.
        let everything = Set(try CatalogueDraft.read(bytes, as: .litellm).declarations)
        let stored = try await temporary.store.repository.declarations(in: nil)
        #expect(Set(stored.declarations) == everything && stored.revision == 1)
        #expect(CatalogueSnapshot(stored.declarations).digest == revisions.first?.sha256)
    }

    @Test(
        "A file of another source that declares nothing is refused, and takes nothing away",
        arguments: [
            ("{}", CatalogueSource.litellm), (#"{"error": {"message": "rate limited"}}"#, .litellm),
            (#"{"data": []}"#, .openrouter), ("[]", .openrouter),
        ])
    func nothing(text: String, source: CatalogueSource) async throws {
        let temporary = try await TemporaryStore.open()
        _ = try await temporary.store.importCatalogue(CatalogueFiles.litellm(), as: .litellm)
        let error = await storeError { _ = try await temporary.store.importCatalogue(Array(text.utf8), as: source) }
        #expect(error?.code == .invalidInput && error?.message.contains("declares no model") == true)
        #expect(try await temporary.store.catalogueRevisions().map(\.modelCount) == [661])
        // One's own list may be emptied.
        #expect(try await temporary.store.importCatalogue(Array(#"{"models": []}"#.utf8)).removed.isEmpty)
    }

    @Test("An entry that is refused leaves its model as it was declared before")
    func refusedEntry() async throws {
        let temporary = try await TemporaryStore.open()
        func file(_ mode: String, _ output: String) -> [UInt8] {
            let painter =
                #"{"mode": "\#(mode)", "litellm_provider": "p", "supported_output_modalities": ["\#(output)"]}"#
            return Array(#"{"painter": \#(painter), "other": {"mode": "chat", "litellm_provider": "p"}}"#.utf8)
        }
        _ = try await temporary.store.importCatalogue(file("image_generation", "image"), as: .litellm)
        let before = try await temporary.store.model("painter")
        let report = try await temporary.store.importCatalogue(file("image_generation", "text"), as: .litellm)
        #expect(report.refused.map(\.model) == ["painter"] && report.removed.isEmpty && report.revision == nil)
        #expect(try await temporary.store.model("painter") == before)
        #expect(before.supportsImageGeneration == .yes)
    }

    @Test("Random imports: every revision reads back as it was made, for ever, and the last is the current one")
    func random() async throws {
        let temporary = try await TemporaryStore.open()
        var random = RandomDeclaration(seed: 12)
        let pool = (0..<10).map { "model \($0) caf\($0 % 2 == 0 ? "\u{E9}" : "e\u{301}")" }
        var expected: [Int64: CatalogueSnapshot] = [:]
        var current = CatalogueSnapshot()
        for _ in 0..<40 {
            let models = pool.shuffled(using: &random.generator).prefix(4).map { random.right(named: $0) }
            let after = current.importing(try CatalogueDraft.read(list(models), as: .declared)).snapshot
            let report = try await temporary.store.importCatalogue(list(models))
            #expect((report.revision == nil) == (after.digest == current.digest))
            current = after
            if let revision = report.revision { expected[revision] = after }
        }
        #expect(expected.count > 20)
        for (revision, snapshot) in expected {
            let stored = try await temporary.store.repository.declarations(in: revision).declarations
            #expect(stored == snapshot.declarations)
        }
        #expect(try await temporary.store.repository.declarations(in: nil).revision == expected.keys.max())
        let revisions = try await temporary.store.catalogueRevisions()
        for (one, other) in zip(revisions, revisions.dropFirst()) {
            let diff = try await temporary.store.catalogueDiff(from: one.revision, to: other.revision)
            let (before, after) = (expected[one.revision], expected[other.revision])
            let names = { (snapshot: CatalogueSnapshot?) in
                Set(snapshot?.declarations.map { Array($0.model.utf8) } ?? [])
            }
            #expect(Set(diff.added.map { Array($0.utf8) }) == names(after).subtracting(names(before)))
            #expect(Set(diff.removed.map { Array($0.utf8) }) == names(before).subtracting(names(after)))
            #expect(!(diff.added + diff.removed).isEmpty || !diff.changed.isEmpty)
        }
    }

    @Test("Models are found by their exact bytes, in the current revision or an older one")
    func find() async throws {
        let temporary = try await TemporaryStore.open()
        let store = temporary.store
        #expect(try await store.models().isEmpty)
        #expect(await storeError { _ = try await store.model("a") }?.code == .notFound)
        let first = ModelDeclaration(model: "caf\u{E9}", supportsImageGeneration: .yes)
        let second = ModelDeclaration(
            model: "caf\u{E9}", supportsImageGeneration: .no, imageGenerationMode: ImageGenerationMode.none)
        _ = try await store.importCatalogue(list([first]))
        _ = try await store.importCatalogue(list([second]))
        #expect(try await store.model("caf\u{E9}") == second)
        #expect(try await store.model("caf\u{E9}", revision: 1) == first)
        #expect(await storeError { _ = try await store.model("cafe\u{301}") }?.code == .notFound)
        #expect(await storeError { _ = try await store.model("caf\u{E9}", revision: 3) }?.code == .notFound)
        #expect(await storeError { _ = try await store.models(revision: 0) }?.code == .notFound)
        #expect(await storeError { _ = try await store.catalogueDiff(from: 9) }?.code == .notFound)
        #expect(try await store.models(where: ModelFilter(modalities: [.image])).isEmpty)
        #expect(try await store.models(where: ModelFilter(modalities: [.image]), revision: 1) == [first])
        let diff = try await store.catalogueDiff(from: 1)
        #expect(diff.to == 2 && diff.changed.map(\.model) == ["caf\u{E9}"])
        let fields = try #require(diff.changed.first?.fields)
        #expect(
            fields == [
                ModelChange.Field(name: "supportsImageGeneration", old: "true", new: "false"),
                ModelChange.Field(name: "imageGenerationMode", old: nil, new: "none"),
            ])
    }

    @Test("A refused list leaves the catalogue as it was; an empty one makes no first revision")
    func refused() async throws {
        let temporary = try await TemporaryStore.open()
        _ = try await temporary.store.importCatalogue(list([]))
        #expect(try await temporary.store.catalogueRevisions().isEmpty)
        let wrong = list([ModelDeclaration(model: "a"), ModelDeclaration(model: "b", outputModalities: [.image])])
        let error = await storeError { _ = try await temporary.store.importCatalogue(wrong) }
        #expect(error?.code == .invalidInput && error?.message.contains("\"b\"") == true)
        #expect(try await temporary.store.catalogueRevisions().isEmpty)
    }

    @Test("A revision that came with artifacts of another store is never the current one")
    func adopted() async throws {
        let temporary = try await TemporaryStore.open()
        _ = try await temporary.store.importCatalogue(list([ModelDeclaration(model: "a")]))
        try await temporary.shell().write { db in
            try db.execute(
                sql: """
                    INSERT INTO catalogueRevision (sha256, source, importedAt, adopted)
                    VALUES ('\(String(repeating: "a", count: 64))', 'declared', 0, 1)
                    """)
        }
        #expect(try await temporary.store.repository.declarations(in: nil).revision == 1)
        #expect(try await temporary.store.catalogueRevisions().map(\.isAdopted) == [false, true])
        let next = try await temporary.store.importCatalogue(list([ModelDeclaration(model: "b")]))
        #expect(next.revision == 3 && next.removed == ["a"])
    }
}
