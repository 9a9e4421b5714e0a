import ArtifactStore
import Foundation
import Testing

@Suite("artifacts delete")
struct DeleteCommandTests {
    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test("deletes artifacts by id with their images, and says so")
    func ids() async throws {
        let store = try await StoreFolder()
        var artifacts: [JSONValue] = []
        for number in 0..<3 { artifacts += try await store.record("gemini-completed", run: "run_\(number)") }
        let files = try artifacts.map { try store.object(of: $0) }
        let result = try await store.run(["delete", artifacts[0].id, artifacts[1].id])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(result.output.contains("deleted") && result.output.contains("images removed"))
        #expect(files.map(exists) == [false, false, true])
        let show = try await store.run(["show", artifacts[0].id])
        #expect(show.status == 3 && show.errors.contains("was deleted on 2"))
        let events = try await store.run(["events", "--artifact", artifacts[0].id, "--format", "ndjson"]).jsonLines()
        #expect(events.map { $0["kind"] } == ["created", "completed", "deleted"])
        let again = try await store.run(["delete", artifacts[0].id])
        #expect(again.status == 3 && again.errors.contains("was deleted on"))
        // The same id twice is one artifact.
        let twice = try await store.record("gemini-completed", run: "run_9")[0].id
        #expect(
            try await store.run(["delete", "--dry-run", twice, twice]).errors.hasPrefix("would delete 1 artifact "))
        let once = try await store.run(["delete", twice, twice, "--format", "json"])
        #expect(try once.status == 0 && once.json()[path: "objects", "removedCount"] == 1, "\(once.errors)")
        // A misspelt id deletes none.
        #expect(try await store.run(["delete", artifacts[2].id, "nowhere"]).status == 3)
        #expect(try await store.run(["show", artifacts[2].id]).status == 0)
    }

    @Test("--dry-run lists what the same command without it deletes, and changes nothing")
    func dryRun() async throws {
        let store = try await StoreFolder()
        for number in 0..<2 { try await store.record("gemini-completed", run: "run_\(number)") }
        try await store.record("openai-images-moderation-blocked", run: "run_0")
        let selections = [["--run", "run_0"], ["--older-than", "0s", "--status", "failed"], ["--older-than", "1d"]]
        for (selection, count) in zip(selections, [2, 1, 0]) {
            let before = store.bytes()
            let dry = try await store.run(["delete", "--dry-run", "--format", "ndjson"] + selection)
            #expect(dry.status == 0 && store.bytes() == before, "\(dry.errors)")
            let ids = try dry.jsonLines().map(\.id)
            #expect(ids.count == count && dry.errors.hasPrefix("would delete \(count) artifact"), "\(dry.errors)")
            let copy = try await StoreFolder()
            for path in ["artifacts.sqlite", "artifacts.sqlite-wal"] where exists(store.path(of: path)) {
                try? FileManager.default.removeItem(atPath: copy.path(of: path))
                try FileManager.default.copyItem(atPath: store.path(of: path), toPath: copy.path(of: path))
            }
            let wet = try await copy.run(["delete", "--format", "json"] + selection)
            #expect(try wet.json()["deletedCount"] == .integer(Int64(count)), "\(wet.errors)")
            for id in ids { #expect(try await copy.run(["show", id]).status == 3) }
        }
    }

    @Test("What is missing or contradicts itself is refused before anything is opened")
    func refused() async throws {
        let store = try await StoreFolder()
        for arguments in [
            [], ["id", "--run", "r"], ["id", "--waiting"], ["--run", "r", "--waiting"], ["--status", "failed"],
            ["id", "--status", "failed"], ["--dry-run", "--waiting"], ["--run", "r", "--dry-run", "--format", "json"],
            ["--older-than", "90"], ["--older-than", "-1d"],
        ] {
            #expect(try await store.run(["delete"] + arguments).status == 64, "\(arguments)")
        }
    }

    @Test("Images that --objects does not reach wait, with what to do; --waiting removes them later")
    func waiting() async throws {
        let store = try await StoreFolder()
        let artifact = try await store.record("gemini-completed")[0]
        let file = try store.object(of: artifact)
        let hidden = store.path(of: "elsewhere")
        try FileManager.default.moveItem(atPath: store.objects, toPath: hidden)
        let result = try await store.run(["delete", "--run", "run_1"])
        #expect(result.status == 0 && result.errors.contains("1 in directory:images wait"), "\(result.errors)")
        let stats = try await store.run(["stats", "--format", "json"]).json()
        #expect(stats["waitingRemovals"] == 1)
        let later = try await store.run(["delete", "--waiting", "--objects", hidden, "--format", "json"])
        #expect(try later.json()[path: "objects", "removedCount"] == 1, "\(later.errors)")
        #expect(!exists(file.replacing(store.objects, with: hidden)))
        #expect(try await store.run(["stats", "--format", "json"]).json()["waitingRemovals"] == 0)
    }

    @Test("An image that cannot be removed is a storage failure, and no deletion is lost")
    func failing() async throws {
        let store = try await StoreFolder()
        let artifact = try await store.record("gemini-completed")[0]
        let file = try store.object(of: artifact)
        // A folder on the way replaced by a link is never followed, whoever runs this.
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.moveItem(atPath: folder, toPath: folder + ".away")
        try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: folder + ".away")
        let result = try await store.run(["delete", artifact.id])
        #expect(
            result.status == 8 && result.errors.contains("artifacts delete --waiting --database"), "\(result.errors)")
        #expect(result.output.contains("images waiting"))
        #expect(try await store.run(["show", artifact.id]).status == 3)
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.moveItem(atPath: folder + ".away", toPath: folder)
        #expect(try await store.run(["delete", "--waiting"]).status == 0)
        #expect(!exists(file))
    }

    @Test(
        "Killed anywhere, recording and deleting lose no image that was recorded and not deleted",
        arguments: [false, true])
    func killed(inBucket: Bool) async throws {
        #if S3
            if inBucket, !S3Server.isWanted { return }
            let environment = inBucket ? try S3Server.environment() : [:]
        #else
            if inBucket { return }
            let environment: [String: String] = [:]
        #endif
        let store = try await StoreFolder()
        let files = StoreFolder.example("gemini-completed")
        let run = UUID().uuidString
        // Each recorded id is printed once it is durable, and again before it is deleted.
        let script = """
            for i in $(seq 1 100000); do
              id=$(artifacts record --run \(run) --request '\(files.request)' --response '\(files.response)' \
                --format json | grep -o 'art_[0-9a-z]*' | head -1)
              echo "recorded $id"
              if [ $((i % 2)) = 0 ]; then echo "deleting $id"; artifacts delete "$id" >/dev/null && echo "deleted $id"; fi
            done
            """
        var (recorded, deleting, deleted) = (Set<String>(), Set<String>(), Set<String>())
        for round in 0..<8 {
            let started = try Command.start(
                "/bin/bash", ["-c", script],
                environment: ["ARTIFACTS_DATABASE": store.database].merging(environment) { $1 }, in: store.root)
            let lines = await started.lines(3 + round) + started.killGroup()
            for line in lines {
                let words = line.split(separator: " ").map(String.init)
                guard words.count == 2, words[1].utf8.count == 30 else { continue }
                switch words[0] {
                case "recorded": recorded.insert(words[1])
                case "deleting": deleting.insert(words[1])
                case "deleted": deleted.insert(words[1])
                default: break
                }
            }
        }
        #expect(recorded.count > 10 && !deleted.isEmpty)
        _ = try await store.run(["delete", "--waiting"], environment: environment)
        for id in recorded {
            let got = try await store.run(["get", id], environment: environment)
            if deleted.contains(id) {
                #expect(got.status == 3)
            } else if got.status != 0 {
                #expect(deleting.contains(id) && got.errors.contains("was deleted"), "\(id): \(got.errors)")
            } else {
                #expect(!got.bytes.isEmpty)
            }
        }
        print("\(recorded.count) recorded, \(deleting.count) deleted or begun, killed 8 times")
    }
}
