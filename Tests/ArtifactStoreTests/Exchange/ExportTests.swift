import ArtifactStoreTesting
import Foundation
import GRDB
import Synchronization
import Testing

@testable import ArtifactStore

@Suite("Exporting")
struct ExportTests {
    @Test("The frozen store comes back whole: every column of every row, and the export byte for byte")
    func roundTrip() async throws {
        let source = try await ExchangeFixture.frozen()
        let (first, second) = (try ExportedFolder(), try ExportedFolder())
        let report = try await source.store.export(to: first.path)
        #expect(report.artifactCount == 1050 && report.eventCount == 2133 && report.objectCount == nil)
        let target = try await TemporaryStore.open()
        let imported = try await target.store.importArtifacts(from: first.path)
        #expect(imported.importedCount == 1050 && imported.skippedCount == 0 && imported.eventCount == 2133)
        #expect(try target.records() == source.records())
        _ = try await target.store.export(to: second.path)
        #expect(try second.files() == first.files())
        // Again: nothing is new, and nothing changes.
        let before = try target.everything()
        let again = try await target.store.importArtifacts(from: first.path)
        #expect(again.importedCount == 0 && again.skippedCount == 1050 && again.eventCount == 0)
        #expect(try target.everything() == before)
    }

    @Test("Lines have the names of the wire, no sequence, and nothing of what was signed")
    func contents() async throws {
        let source = try await ExchangeFixture.frozen()
        let export = try ExportedFolder()
        _ = try await source.store.export(to: export.path)
        let signed = try await source.shell().read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM signedUrl") }
        #expect((signed ?? 0) > 50)
        for (name, bytes) in try export.files() {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains("\"sequence\"") && !text.contains("credential "), "\(name)")
        }
        let line = try JSONParser.parse(try export.lines("artifacts.ndjson")[0])
        let artifact = try await source.store.artifact(ArtifactID(try #require(line["artifactId"]?.string)))
        for member in artifact.json.members ?? []
        where !["sequence", "claim", "usage", "admission"].contains(member.name) {
            #expect(line[member.name] == member.value, "\(member.name)")
        }
        #expect(line["usage"] == artifact.usage?.json && line["admission"] == nil)
        #expect(line["claim"]?.members?.map(\.name) == ["owner", "fencingToken", "claimedAt", "expiresAt"])
    }

    @Test("An export is for its owner alone, whatever the umask, and equal stores make equal exports")
    func files() async throws {
        let source = try await ExchangeFixture.small()
        let (first, second) = (try ExportedFolder(), try ExportedFolder())
        _ = try await source.store.export(to: first.path + "/")
        _ = try await source.store.export(to: second.path)
        #expect(try first.files() == second.files())
        #expect(try first.files().keys.sorted() == ["artifacts.ndjson", "events.ndjson", "manifest.json"])
        for name in [""] + (try first.files().keys) {
            let mode = try FileManager.default.attributesOfItem(atPath: first.path(of: name))[.posixPermissions] as? Int
            #expect(mode == (name.isEmpty ? 0o700 : 0o600), "\(name)")
        }
    }

    @Test("A name that is taken is refused, and what has it stays", arguments: ["file", "folder", "link"])
    func taken(kind: String) async throws {
        let source = try await ExchangeFixture.small()
        let export = try ExportedFolder()
        switch kind {
        case "file": try Data("mine".utf8).write(to: URL(fileURLWithPath: export.path))
        case "folder": try FileManager.default.createDirectory(atPath: export.path, withIntermediateDirectories: false)
        default: #expect(symlink("nowhere", export.path) == 0)
        }
        let error = await storeError { _ = try await source.store.export(to: export.path) }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains(export.path) == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: export.parent.path) == ["export"])
    }

    @Test("When a system call fails, any of them, nothing has the name and nothing is left beside it")
    func failures() async throws {
        let calls = Mutex((count: 0, failing: 0))
        let source = try await ExchangeFixture.small { options in
            options.calls.intercept = { name, target, perform in
                let fails = calls.withLock { calls in
                    guard calls.failing > 0 else { return false }
                    calls.count += 1
                    return calls.count == calls.failing
                }
                return fails ? .failure(SystemCallFailure(name: name, target: target, code: EIO)) : perform()
            }
        }
        var number = 1
        while true {
            let export = try ExportedFolder()
            calls.withLock { $0 = (0, number) }
            let error = await storeError { _ = try await source.store.export(to: export.path) }
            let made = calls.withLock { calls in
                defer { calls.failing = 0 }
                return calls.count
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: export.parent.path)
            guard let error else {
                #expect(made < number && names == ["export"])
                break
            }
            #expect(error.underlyingCode == EIO, "call \(number): \(error)")
            // Only the sync of the parent folder comes after the name.
            #expect(
                names.isEmpty || (names == ["export"] && error.message.contains("sync")), "call \(number): \(names)")
            number += 1
        }
        #expect(number > 20)
    }

    @Test("Beside a writer that never rests, each export is one moment of the store")
    func snapshot() async throws {
        let source = try await ExchangeFixture.small()
        let isDone = Mutex(false)
        async let writing: Void = {
            while !isDone.withLock({ $0 }) { try await source.complete(source.claim(run: "run_busy")) }
        }()
        var counts: [Int64] = []
        for _ in 0..<5 {
            // Reading back fails when events and artifacts are from two moments.
            let export = try ExportedFolder()
            counts.append(try await source.store.export(to: export.path).artifactCount)
        }
        isDone.withLock { $0 = true }
        try await writing
        #expect(counts == counts.sorted() && (counts.last ?? 0) > (counts.first ?? 0))
    }

    @Test("JSON that another program spelled its own way is refused, with the artifact's name")
    func foreignSpelling() async throws {
        let source = try await ExchangeFixture.small()
        try await source.shell().writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    INSERT INTO artifact (artifactId, parentRunId, requestFingerprint, createdAt, claimOwner,
                        fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel, extraParameters)
                    SELECT 'foreign', parentRunId, requestFingerprint, createdAt, claimOwner, 1, createdAt,
                        claimExpiresAt, prompt, requestedModel, '{ "a": 1 }' FROM artifact LIMIT 1
                    """)
        }
        let export = try ExportedFolder()
        let error = await storeError { _ = try await source.store.export(to: export.path) }
        #expect(error?.code == .database && error?.artifactId == "foreign")
        #expect(error?.message.contains("extraParameters") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: export.parent.path).isEmpty)
    }

    @Test("Lines longer and shorter than what is read at once come back the same")
    func chunks() async throws {
        let source = try await ExchangeFixture.small()
        let export = try ExportedFolder()
        _ = try await source.store.export(to: export.path)
        let target = try await TemporaryStore.open { $0.calls.chunkLength = 7 }
        _ = try await target.store.importArtifacts(from: export.path)
        #expect(try target.records() == source.records())
        let second = try ExportedFolder()
        _ = try await target.store.export(to: second.path)
        #expect(try second.files() == export.files())
    }
}
