import ArtifactStoreTesting
import Foundation
import GRDBSQLite
import Testing

@testable import ArtifactStore

@Suite("The memory of an import")
struct ImportMemoryTests {
    /// An export of as many artifacts with other ids and runs, which sort between those of the store it came from: an
    /// import changes pages all over its indexes.
    private func interleavedExport(_ ending: String) async throws -> ExportedFolder {
        let source = try await ExchangeFixture.frozen()
        let export = try ExportedFolder()
        _ = try await source.store.export(to: export.path)
        for name in [ExportManifest.artifactsName, ExportManifest.eventsName] {
            let lines = try export.lines(name).map { line in
                line.replacing(/("(artifactId|parentRunId|objectKey)":"([^"\\]|\\.)*)"/) { "\($0.1)\(ending)\"" }
            }
            try export.write(lines: lines, to: name)
        }
        try export.rewriteManifest()
        return export
    }

    @Test("does not grow with the store it goes into, though it changes pages all over it")
    func bounded() async throws {
        let folder = try await ExchangeFixture.frozen().folder
        var grown: [Int64] = []
        for ending in ["a", "b", "c"] {
            let export = try await interleavedExport(ending)
            // The pages that SQLite keeps in memory are bounded by this, so that what is beyond shows.
            let target = try await TemporaryStore.open(in: folder) { $0.writerCacheKiB = 64 }
            sqlite3_memory_highwater(1)
            let before = sqlite3_memory_used()
            let report = try await target.store.importArtifacts(from: export.path)
            grown.append(sqlite3_memory_highwater(0) - before)
            #expect(report.importedCount > 1_000)
            try await target.store.close()
        }
        print(
            "SQLite's memory grew by \(grown) bytes, in imports into a store of one, two and three times the size"
        )
        #expect(grown[2] < grown[0] * 3 / 2)
    }
}
