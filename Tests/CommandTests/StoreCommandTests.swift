import ArtifactStore
import Foundation
import Testing

@Suite("Making a store and keeping it")
struct StoreCommandTests {
    @Test("init makes the database and the object folder for their owner alone; again it changes nothing")
    func makes() async throws {
        let store = try await StoreFolder()
        for (path, mode) in [(store.database, 0o600), (store.objects, 0o700)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
        }
        try await store.record("gemini-completed")
        let before = try await store.run(["list", "--format", "json"]).output
        let again = try await store.run(["init"])
        #expect(again.status == 0)
        #expect(again.output.hasPrefix("found the store "))
        #expect(try await store.run(["list", "--format", "json"]).output == before)
    }

    @Test("Options name the database and the objects as the variables do, and win over them")
    func options() async throws {
        let store = try await StoreFolder()
        let (other, images) = (store.path(of: "other.sqlite"), store.path(of: "images"))
        let made = try await store.run(["init", "--database", other, "--objects", images])
        #expect(made.status == 0)
        #expect(FileManager.default.fileExists(atPath: other) && FileManager.default.fileExists(atPath: images))
        let recording = StoreFolder.recording("gemini-completed") + ["--database", other]
        let recorded = try await store.run(recording, environment: ["ARTIFACTS_OBJECTS": images])
        let id = try #require(try recorded.json()["artifacts"]?.array?.first).id
        #expect(try await store.run(["list", "--format", "ndjson"]).bytes.isEmpty)
        let bytes = try await store.run(["get", id, "--database", other, "--objects", images])
        #expect(bytes.status == 0 && bytes.bytes.count == 1049)
        // A variable set to nothing is one that is not set.
        let unnamed = try await store.run(["list"], environment: ["ARTIFACTS_DATABASE": ""])
        #expect(unnamed.status == 64)
        #expect(unnamed.errors.contains("ARTIFACTS_DATABASE"))
    }

    @Test("stats counts what was recorded, in every format the same")
    func stats() async throws {
        let store = try await StoreFolder()
        try await store.record("openai-images-two-images")
        try await store.record("openai-images-rate-limited")
        let statistics = try await store.run(["stats", "--format", "json"]).json()
        #expect(statistics["counts"] == ["pending": 0, "completed": 2, "failed": 1, "total": 3])
        #expect(statistics["failures"] == ["provider_unavailable": 1])
        #expect(statistics["lastEventSequence"] == 6)
        #expect(try await store.run(["stats", "--format", "ndjson"]).jsonLines() == [statistics])
        let csv = try CSVText.parse(try await store.run(["stats", "--format", "csv"]).output)
        #expect(csv.count == 2)
        #expect(Dictionary(uniqueKeysWithValues: zip(csv[0], csv[1]))["counts.total"] == "3")
        let table = try await store.run(["stats"]).output
        #expect(table.contains("completed               2\n") && table.contains("provider_unavailable    1\n"))
    }

    @Test("sweep fails what was abandoned, prints its id, and leaves the rest")
    func sweep() async throws {
        let store = try await StoreFolder()
        let library = try await ArtifactStore.open(at: store.database)
        let request = GeneratedImageRequest(prompt: "a lighthouse", model: "model-a")
        let abandoned = try await library.begin(request, for: "run_1", claimDuration: .milliseconds(1)).claim
        let alive = try await library.begin(request, for: "run_1").claim
        try await library.close()
        let swept = try await store.run(["sweep"])
        #expect(swept.status == 0)
        #expect(swept.output == "\(abandoned.artifactId)\n")
        #expect(swept.errors == "swept 1 artifact\n")
        let failed = try await store.run(["show", abandoned.artifactId.text, "--format", "json"]).json()
        #expect(failed[path: "failure", "type"] == "generation_failed")
        #expect(failed[path: "failure", "recoveryGuidance"]?.string?.isEmpty == false)
        let pending = try await store.run(["show", alive.artifactId.text, "--format", "json"]).json()
        #expect(pending["status"] == "pending")
    }

    @Test("migrate up says when there is nothing to do, and refuses a file that only looks like a store")
    func migrate() async throws {
        let store = try await StoreFolder()
        #expect(try await store.run(["migrate", "up"]).output == "schema version 5; nothing to do\n")
        let bare = store.path(of: "bare.sqlite")
        let made = try await store.shell(
            "sqlite3 \(bare) 'PRAGMA application_id = 0x41727473; PRAGMA journal_mode = WAL'")
        try #require(made.status == 0)
        for command in [["list"], ["migrate", "up"], ["sweep"]] {
            let refused = try await store.run(command + ["--database", bare])
            #expect(refused.status == 7)
            #expect(refused.errors.contains("-wal"))
        }
    }
}
