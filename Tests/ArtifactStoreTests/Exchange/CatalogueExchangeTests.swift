import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("Export and import: catalogue, admission and computed costs")
struct CatalogueExchangeTests {
    /// Two revisions, artifacts admitted under each and under none, a computed cost and one that was computed anew.
    private static func source() async throws -> TemporaryStore {
        let temporary = try await TemporaryStore.open()
        func complete() async throws {
            let claim = try await temporary.claim()
            var usage = Usage()
            usage.imageCount = 2
            try await temporary.store.complete(
                claim, at: Fixture.reference("host/\(claim.artifactId)"), execution: Fixture.execution, usage: usage)
            temporary.clock.advance(by: .seconds(1))
        }
        try await complete()
        try await temporary.declare([.image("image-model", price: 40_000), .text("words")])
        try await complete()
        try await temporary.declare([.image("image-model", price: 50_000), .text("words"), .unknown("who")])
        try await temporary.store.recomputeCosts()
        try await complete()
        _ = try await temporary.store.begin(Fixture.request.with(model: "words"), for: "run_2")
        return temporary
    }

    private static func export(_ temporary: TemporaryStore) async throws -> ExportedFolder {
        let export = try ExportedFolder()
        _ = try await temporary.store.export(to: export.path)
        return export
    }

    private static func artifacts(_ temporary: TemporaryStore) async throws -> [GeneratedImageArtifact] {
        try await temporary.store.page(order: .oldestFirst).artifacts
    }

    @Test("An empty store gets the catalogue as it was, with every artifact's admission and costs")
    func empty() async throws {
        let source = try await Self.source()
        let export = try await Self.export(source)
        let target = try await TemporaryStore.open()
        let report = try await target.store.importArtifacts(from: export.path)
        #expect((report.importedCount, report.catalogueRevisionCount) == (4, 2))
        #expect(try await Self.artifacts(target) == Self.artifacts(source))
        #expect(try await target.store.catalogueRevisions() == source.store.catalogueRevisions())
        #expect(try await target.store.events().map(\.kind).filter { $0 == .costRecomputed }.count == 1)
        #expect(try await target.store.usage(by: .model).usage == source.store.usage(by: .model).usage)
        // What is exported again is the same, byte by byte.
        let again = try await Self.export(target)
        for name in ["artifacts.ndjson", "events.ndjson", "catalogue.ndjson", "manifest.json"] {
            #expect(try export.bytes(name) == again.bytes(name), "\(name)")
        }
        #expect(try await target.store.importArtifacts(from: export.path).skippedCount == 4)
    }

    @Test("A store with a catalogue of its own adopts the revisions and keeps its own in force")
    func adopted() async throws {
        let source = try await Self.source()
        let export = try await Self.export(source)
        let target = try await TemporaryStore.open()
        try await target.declare([.text("image-model")])
        _ = try await target.store.importArtifacts(from: export.path)
        #expect(try await target.store.catalogueRevisions().map(\.isAdopted) == [false, true, true])
        let imported = try await Self.artifacts(target)
        #expect(imported.map(\.admission?.imageGenerationSupport) == [.unknown, .yes, .yes, .no])
        #expect(imported.map(\.admission?.catalogueRevision) == [nil, 2, 3, 3])
        #expect(imported.map(\.cost?.micros) == [nil, 100_000, 100_000, nil])
        #expect(imported.map(\.computedCost?.catalogueRevision) == [nil, 3, 3, nil])
        // New requests are held to the store's own.
        guard case .refused = try await target.begin(key: nil) else { throw StoreError.closed }
        #expect(try await target.store.recomputeCosts().withoutPrice == 2)
    }

    @Test("A catalogue that went back to what it was is in force as it was, and exports to the same bytes")
    func repeated() async throws {
        let source = try await TemporaryStore.open()
        for model in [ModelDeclaration.image("image-model"), .text("image-model"), .image("image-model")] {
            try await source.declare([model])
        }
        let export = try await Self.export(source)
        let target = try await TemporaryStore.open()
        #expect(try await target.store.importArtifacts(from: export.path).catalogueRevisionCount == 3)
        #expect(try await target.store.model("image-model") == source.store.model("image-model"))
        let again = try await Self.export(target)
        #expect(try export.bytes("catalogue.ndjson") == again.bytes("catalogue.ndjson"))
        #expect(try await target.store.importArtifacts(from: export.path).catalogueRevisionCount == 0)
        // One that was adopted, and became the store's own later.
        let other = try await TemporaryStore.open()
        try await other.declare([.unknown("own")])
        _ = try await other.store.importArtifacts(from: export.path)
        try await other.declare([.image("image-model")])
        let third = try await TemporaryStore.open()
        let moved = try await Self.export(other)
        _ = try await third.store.importArtifacts(from: moved.path)
        #expect(try await third.store.model("image-model") == source.store.model("image-model"))
        #expect(try await third.store.catalogueRevisions() == other.store.catalogueRevisions())
    }

    @Test("A store with artifacts and no catalogue adopts the one that comes, and goes on admitting")
    func withoutCatalogue() async throws {
        let source = try await TemporaryStore.open()
        try await source.declare([.text("image-model")])
        let export = try await Self.export(source)
        let target = try await TemporaryStore.open()
        _ = try await target.claim()
        _ = try await target.store.importArtifacts(from: export.path)
        #expect(try await target.store.catalogueRevisions().map(\.isAdopted) == [true])
        _ = try await target.claim()
    }

    @Test("What was computed anew on either side is no conflict: later computations come along, others stay")
    func recomputedSince() async throws {
        let source = try await Self.source()
        let before = try await Self.export(source)
        let mirror = try await TemporaryStore.open()
        _ = try await mirror.store.importArtifacts(from: before.path)
        try await source.declare([.image("image-model", price: 60_000)])
        #expect(try await source.store.recomputeCosts().changed == 2)
        #expect(try await source.store.importArtifacts(from: before.path).skippedCount == 4)
        let after = try await Self.export(source)
        #expect(try await mirror.store.importArtifacts(from: after.path).skippedCount == 4)
        #expect(try await Self.artifacts(mirror).map(\.cost) == Self.artifacts(source).map(\.cost))
        #expect(try await mirror.store.events().filter { $0.kind == .costRecomputed }.count == 3)
        try await mirror.declare([.image("image-model", price: 70_000)])
        try await mirror.store.recomputeCosts()
        let own = try await Self.artifacts(mirror)
        try await source.declare([.image("image-model", price: 80_000)])
        try await source.store.recomputeCosts()
        let last = try await Self.export(source)
        _ = try await mirror.store.importArtifacts(from: last.path)
        #expect(try await Self.artifacts(mirror) == own)
    }

    @Test("Artifacts of older schema versions come without an admission")
    func older() async throws {
        let target = try await TemporaryStore.open()
        let source = try await ExchangeFixture.frozen()
        let export = try await Self.export(source)
        _ = try await target.store.importArtifacts(from: export.path)
        #expect(try await Self.artifacts(target).allSatisfy { $0.admission == nil && $0.computedCost == nil })
        #expect(try await target.store.catalogueRevisions().isEmpty)
    }

    @Test("A catalogue that was changed is refused, and nothing is imported")
    func changed() async throws {
        let export = try await Self.export(Self.source())
        let lines = try export.lines("catalogue.ndjson")
        let changes: [(String, String)] = [
            ("\"0.04\"", "\"0.05\""), ("\"direct_image_model\"", "\"none\""), ("\"sha256\":\"", "\"sha256\":\"0"),
            ("\"source\":\"declared\"", "\"source\":\"litellm\""), ("{\"sha256\"", "{ \"sha256\""),
        ]
        for (old, new) in changes {
            let changed = lines[0].replacingOccurrences(of: old, with: new)
            #expect(changed != lines[0])
            try export.write(lines: [changed] + lines.dropFirst(), to: "catalogue.ndjson")
            try export.rewriteManifest()
            let target = try await TemporaryStore.open()
            let error = await storeError { _ = try await target.store.importArtifacts(from: export.path) }
            #expect(error?.code == .invalidInput && error?.message.hasPrefix("catalogue.ndjson, line 1") == true)
            #expect(try await Self.artifacts(target).isEmpty)
            #expect(try await target.store.catalogueRevisions().isEmpty)
        }
        // A revision that is missing.
        try export.write(lines: Array(lines.dropFirst()), to: "catalogue.ndjson")
        try export.rewriteManifest()
        let target = try await TemporaryStore.open()
        let error = await storeError { _ = try await target.store.importArtifacts(from: export.path) }
        #expect(error?.message.contains("names a catalogue revision that the export does not have") == true)
        #expect(try await target.store.catalogueRevisions().isEmpty)
    }
}
