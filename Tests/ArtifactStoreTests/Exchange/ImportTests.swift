import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Importing")
struct ImportTests {
    private func refused(_ export: ExportedFolder, by target: TemporaryStore) async throws -> StoreError {
        let before = try target.everything()
        let error = try #require(await storeError { _ = try await target.store.importArtifacts(from: export.path) })
        #expect(try target.everything() == before, "\(error)")
        return error
    }

    private func export(_ source: TemporaryStore) async throws -> ExportedFolder {
        let export = try ExportedFolder()
        _ = try await source.store.export(to: export.path)
        return export
    }

    @Test("Two exports merge into one store, and each is then there as it was")
    func merge() async throws {
        let sources = (try await ExchangeFixture.small(run: "run_a"), try await ExchangeFixture.small(run: "run_b"))
        // The same references would be one object of two artifacts.
        let exports = (try await export(sources.0), try await export(sources.1))
        let target = try await ExchangeFixture.small(run: "run_c")
        let before = try await target.store.statistics().counts.total
        for export in [exports.0, exports.1] {
            let report = try await target.store.importArtifacts(from: export.path)
            #expect(report.importedCount == 5 && report.skippedCount == 0 && report.eventCount == 12)
        }
        #expect(try await target.store.statistics().counts.total == before + 10)
        let merged = try await export(target)
        let lines = try merged.lines("artifacts.ndjson")
        #expect(
            try lines.suffix(10) == (exports.0.lines("artifacts.ndjson") + exports.1.lines("artifacts.ndjson"))[...])
        // A store that has a part of it takes the rest, and what is imported works as what was begun here.
        let report = try await sources.0.store.importArtifacts(from: merged.path)
        #expect(report.importedCount == 10 && report.skippedCount == 5)
        let detail = try await sources.0.store.runDetail("run_b")
        #expect(detail.artifacts.map(\.status) == [.failed, .completed, .completed, .failed, .pending])
        #expect(try await sources.1.store.importArtifacts(from: exports.1.path).skippedCount == 5)
    }

    @Test("An imported pending artifact may be finished by its claim, and a request under its key finds it")
    func goesOn() async throws {
        let source = try await TemporaryStore.open()
        let claim = try await source.claim(key: "hero")
        let export = try await export(source)
        let target = try await TemporaryStore.open(clock: source.clock)
        _ = try await target.store.importArtifacts(from: export.path)
        try await target.complete(claim)
        let replay = try await target.store.begin(Fixture.request, for: "run_1", idempotencyKey: "hero")
        guard case .replayed(let artifact) = replay else { throw StoreError.noArtifact(claim.artifactId) }
        #expect(artifact.artifactId == claim.artifactId && artifact.status == .completed)
    }

    @Test("An artifact that finished meanwhile is a conflict, on whichever side it was")
    func finishedMeanwhile() async throws {
        let source = try await TemporaryStore.open()
        let claim = try await source.claim()
        let earlier = try await export(source)
        let other = try await TemporaryStore.open()
        _ = try await other.store.importArtifacts(from: earlier.path)
        try await source.complete(claim)
        let later = try await export(source)
        let here = try await refused(earlier, by: source)
        #expect(here.code == .conflict && here.artifactId == claim.artifactId)
        #expect(here.message.contains("pending in the export and completed in this store"))
        let there = try await refused(later, by: other)
        #expect(there.message.contains("completed in the export and pending in this store"))
    }

    @Test("An artifact that differs is a conflict that names it and what differs; nothing else is imported")
    func differing() async throws {
        let source = try await ExchangeFixture.small()
        let export = try await export(source)
        let target = try await TemporaryStore.open()
        _ = try await target.store.importArtifacts(from: export.path)
        var lines = try export.lines("artifacts.ndjson")
        let id = try #require(try JSONParser.parse(lines[3])["artifactId"]?.string)
        lines[3] = lines[3].replacing("\"rate limited\"", with: "\"rate limits\"")
        // One more, in front: it must not stay.
        let fresh = try await ExchangeFixture.small(run: "run_2")
        let further = try await self.export(fresh)
        try export.write(lines: try further.lines("artifacts.ndjson") + lines, to: "artifacts.ndjson")
        try export.write(
            lines: try further.lines("events.ndjson") + export.lines("events.ndjson"), to: "events.ndjson")
        try export.rewriteManifest()
        let error = try await refused(export, by: target)
        #expect(error.code == .conflict && error.artifactId?.text == id)
        #expect(error.message.contains("another failure in the export"))
    }

    @Test("Another history of the same artifact is a conflict")
    func otherHistory() async throws {
        let source = try await ExchangeFixture.small()
        let export = try await export(source)
        let events = try export.lines("events.ndjson")
        try export.write(lines: events.map { $0.replacing("second owner", with: "somebody else") }, to: "events.ndjson")
        try export.rewriteManifest()
        let error = try await refused(export, by: source)
        #expect(error.code == .conflict && error.message.contains("other events"))
        // Nobody knows it better: a store without that artifact takes it.
        let target = try await TemporaryStore.open()
        #expect(try await target.store.importArtifacts(from: export.path).importedCount == 5)
    }

    @Test("A key or a storage reference that another artifact has is a conflict")
    func taken() async throws {
        let source = try await TemporaryStore.open()
        let claim = try await source.claim(key: "hero")
        let byKey = try await export(source)
        try await source.complete(claim)
        let byReference = try await export(source)
        let target = try await TemporaryStore.open()
        let holder = try await target.claim(key: "hero")
        let error = try await refused(byKey, by: target)
        #expect(error.code == .conflict && error.artifactId == claim.artifactId)
        #expect(error.message.contains(holder.artifactId.text))
        let other = try await TemporaryStore.open()
        let second = try await other.claim()
        try await other.store.complete(
            second, at: Fixture.reference("host/\(claim.artifactId)"), execution: Fixture.execution)
        #expect(try await refused(byReference, by: other).code == .conflict)
    }

    @Test("A newer format or schema is left to newer programs")
    func newer() async throws {
        let export = try await ExchangeFixture.smallExport()
        let manifest = String(decoding: try export.bytes("manifest.json"), as: UTF8.self)
        for (name, number) in [("version", "1"), ("schemaVersion", "5")] {
            let copy = try export.copy()
            try copy.write(
                Array(manifest.replacing("\"\(name)\": \(number)", with: "\"\(name)\": 99").utf8), to: "manifest.json")
            let error = try await refused(copy, by: try await TemporaryStore.open())
            #expect(error.code == .storeTooNew && error.message.contains("\(name) 99"))
        }
    }

    @Test("A store that is open for reading only imports nothing; a folder that is not there is not found")
    func refusals() async throws {
        let source = try await ExchangeFixture.small()
        let export = try await export(source)
        let reader = try await TemporaryStore.open(in: source.folder) { $0.access = .readOnly }
        #expect(try await refused(export, by: reader).code == .readOnly)
        #expect(try await refused(ExportedFolder(), by: source).code == .notFound)
    }
}
