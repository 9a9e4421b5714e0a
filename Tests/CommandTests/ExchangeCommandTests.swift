import ArtifactStore
import Foundation
import Testing

@Suite("artifacts export and artifacts import")
struct ExchangeCommandTests {
    private func recorded() async throws -> StoreFolder {
        let store = try await StoreFolder()
        try await store.record("openai-images-two-images", key: "hero")
        try await store.record("openai-images-rate-limited")
        return store
    }

    @Test("A store moves to another place with its images, and exports to the same bytes there")
    func move() async throws {
        let source = try await recorded()
        let target = try await StoreFolder()
        let (first, second) = (source.path(of: "export"), target.path(of: "export"))
        let exported = try await source.run(["export", first, "--with-objects", "--format", "json"])
        #expect(exported.status == 0 && exported.errors.isEmpty)
        #expect(
            try exported.json()
                == [
                    "folder": .string(first), "schemaVersion": 5, "artifactCount": 3, "eventCount": 6, "objectCount": 2,
                    "catalogueRevisionCount": 0,
                ])
        let imported = try await target.run(["import", first, "--format", "ndjson"])
        #expect(imported.status == 0 && imported.errors.isEmpty)
        #expect(
            try imported.jsonLines()
                == [
                    [
                        "importedCount": 3, "skippedCount": 0, "deletedCount": 0, "eventCount": 6, "objectCount": 2,
                        "catalogueRevisionCount": 0,
                    ]
                ])
        #expect(try await target.run(["export", second, "--with-objects"]).status == 0)
        #expect(try await source.shell("diff -r \(first) \(second)").status == 0)
        for command in [["list", "--format", "ndjson"], ["events", "--format", "ndjson"], ["run", "run_1"]] {
            #expect(try await target.run(command).bytes == source.run(command).bytes, "\(command)")
        }
        let id = try #require(
            try await source.run(["list", "--status", "completed", "--format", "ndjson"]).jsonLines().first
        ).id
        #expect(try await target.run(["get", id]).bytes == source.run(["get", id]).bytes)
    }

    @Test("For people both say what they did; csv has a header")
    func formats() async throws {
        let store = try await recorded()
        let exported = try await store.run(["export", store.path(of: "export")])
        #expect(exported.output.hasPrefix("exported into ") && exported.output.contains("artifacts               3\n"))
        #expect(!exported.output.contains("objects"))
        let imported = try await store.run(["import", store.path(of: "export/")])
        #expect(imported.output.contains("imported                0\n"))
        #expect(imported.output.contains("there already           3\n"))
        let csv = try CSVText.parse(
            try await store.run(["import", store.path(of: "export"), "--format", "csv"]).output)
        #expect(
            csv == [
                [
                    "importedCount", "skippedCount", "eventCount", "objectCount", "deletedCount",
                    "catalogueRevisionCount",
                ],
                ["0", "3", "0", "", "0", "0"],
            ])
    }

    @Test("Exit codes tell a taken name, a missing export, a damaged one, a conflict and a lost image apart")
    func exitCodes() async throws {
        let store = try await recorded()
        let export = store.path(of: "export")
        #expect(try await store.run(["export", export]).status == 0)
        #expect(try await store.run(["export", export]).status == 4)
        #expect(try await store.run(["import", store.path(of: "none")]).status == 3)
        let other = try await StoreFolder()
        try await other.record("gemini-completed", key: "hero")
        let conflict = try await other.run(["import", export])
        #expect(conflict.status == 4 && conflict.output.isEmpty)
        #expect(conflict.errors.contains("idempotency key") && conflict.errors.contains("Nothing was imported"))
        #expect(try await other.run(["list", "--format", "ndjson"]).lines.count == 1)
        _ = try await store.shell("echo >> export/events.ndjson")
        let damaged = try await store.run(["import", export])
        #expect(damaged.status == 64 && damaged.errors.contains("events.ndjson has "))
        _ = try await store.shell("find objects/images -type f | head -1 | xargs rm")
        let lost = try await store.run(["export", store.path(of: "second"), "--with-objects"])
        #expect(lost.status == 3 && lost.errors.contains("artifact art_"))
        #expect(!FileManager.default.fileExists(atPath: store.path(of: "second")))
    }

    @Test("A database that is not there is refused, and nothing is made", arguments: ["export", "import"])
    func noStore(command: String) async throws {
        let store = try await recorded()
        #expect(try await store.run(["export", store.path(of: "export")]).status == 0)
        let before = try FileManager.default.contentsOfDirectory(atPath: store.root).sorted()
        let arguments = [command, store.path(of: command == "import" ? "export" : "new")]
        let refused = try await store.run(
            arguments + ["--database", store.path(of: "none.sqlite"), "--objects", store.path(of: "none")])
        #expect(refused.status == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.root).sorted() == before)
    }
}
