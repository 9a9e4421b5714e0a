import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("doctor and verify")
struct DoctorCommandTests {
    /// A store with two images, and an object that its own deleted artifact left behind long ago.
    private func store() async throws -> (store: StoreFolder, artifacts: [JSONValue], orphan: String) {
        let store = try await StoreFolder()
        var artifacts: [JSONValue] = []
        for run in ["run_1", "run_2", "run_3"] {
            artifacts.append(try #require(try await store.record("gemini-completed", run: run).first))
        }
        let orphan = try store.object(of: artifacts.removeLast())
        let bytes = try #require(FileManager.default.contents(atPath: orphan))
        let deleted = try await store.run(["delete", "--run", "run_3"])
        try #require(deleted.status == 0, "\(deleted.errors)")
        try Self.write(bytes, orphan)
        return (store, artifacts, orphan)
    }

    /// Two days old.
    private static func write(_ bytes: Data, _ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try bytes.write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -2 * 86_400)], ofItemAtPath: path)
    }

    private func files(_ store: StoreFolder) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(store.objects)/images")
            .filter { $0.split(separator: "/").last?.allSatisfy(\.isNumber) == true }.sorted()
    }

    @Test("A file that is no draft of a plan is left as it is")
    func notes() async throws {
        let store = try await StoreFolder()
        try await store.record("gemini-completed")
        let notes = store.path(of: "my.plan.unfinished")
        try Data("my precious notes".utf8).write(to: URL(fileURLWithPath: notes))
        let result = try await store.run(["doctor", "--plan", store.path(of: "my.plan")])
        #expect(result.status == 4 && result.errors.contains("no draft of a plan"), "\(result.errors)")
        #expect(FileManager.default.contents(atPath: notes) == Data("my precious notes".utf8))
        for option in [["--grace", "1d"], ["--keep-quarantined", "1d"], ["--bytes"]] {
            #expect(try await store.run(["doctor", "--apply", "x"] + option).status == 64)
        }
    }

    @Test("doctor writes a plan and changes nothing; --apply puts the orphan aside, and then nothing is left to do")
    func round() async throws {
        let (store, _, orphan) = try await store()
        let (before, database) = (try files(store), store.bytes())
        let looked = try await store.run(["doctor", "--format", "json"])
        #expect(looked.status == 0, "\(looked.errors)")
        let report = try looked.json()
        #expect(report["objectCount"] == 3 && report["artifactCount"] == 2)
        #expect(report[path: "findings", "unreferenced_object"] == 1 && report[path: "actions", "quarantine"] == 1)
        let plan = store.database + ".plan"
        #expect(report["plan"]?.string == plan && report["resumed"] == false)
        #expect(try files(store) == before && store.bytes() == database)
        let table = try await store.run(["doctor"])
        #expect(table.output.contains("unreferenced_object") && table.errors.contains("--apply"))

        let applied = try await store.run(["doctor", "--apply", plan, "--format", "json"])
        #expect(applied.status == 0, "\(applied.errors)")
        let result = try applied.json()
        #expect(result["quarantinedCount"] == 1 && result["skippedCount"] == 0)
        #expect(result["items"]?.array?.first?["result"] == "quarantined")
        #expect(!FileManager.default.fileExists(atPath: orphan))
        #expect(try files(store).filter { $0.hasPrefix("quarantine/") }.count == 1)
        #expect(store.bytes() == database)

        let again = try await store.run(["doctor", "--apply", plan, "--format", "csv"])
        #expect(again.status == 0 && again.lines.count == 2 && again.lines[1].hasPrefix("quarantine,skipped,"))
        let clean = try await store.run(["doctor", "--format", "ndjson"])
        let counts = try #require(try clean.jsonLines().first)
        #expect(counts[path: "findings", "quarantined_object"] == 1 && counts[path: "actions", "quarantine"] == 0)
        let nothing = try await store.run(["doctor", "--apply", plan])
        #expect(nothing.output == "the plan has nothing to do\n")
        let over = try await store.run(["doctor", "--keep-quarantined", "0s", "--format", "json"])
        #expect(try over.json()[path: "actions", "delete"] == 0, "the day of its quarantine is not over")
    }

    @Test("Damage is 11 for both commands, and each names it")
    func damage() async throws {
        let (store, artifacts, _) = try await store()
        #expect(try await store.run(["verify"]).status == 0)
        let path = try store.object(of: artifacts[0])
        var bytes = try #require(FileManager.default.contents(atPath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        try FileManager.default.removeItem(atPath: store.object(of: artifacts[1]))

        let quick = try await store.run(["doctor", "--format", "json"])
        #expect(quick.status == 11)
        #expect(try quick.json()[path: "findings", "missing_object"] == 1)
        let whole = try await store.run(["doctor", "--bytes", "--format", "json"])
        #expect(whole.status == 11)
        #expect(try whole.json()[path: "findings", "hash_mismatch"] == 1)

        let verified = try await store.run(["verify", "--format", "json"])
        #expect(verified.status == 11)
        let report = try verified.json()
        #expect(report["artifactCount"] == 2 && report["damageCount"] == 2)
        #expect(report["damaged"]?.array?.map { $0["finding"] } == ["hash_mismatch", "missing_object"])
        let lines = try await store.run(["verify", "--run", "run_2", "--format", "ndjson"])
        #expect(lines.status == 11)
        #expect(try lines.jsonLines().map { $0["artifactId"]?.string } == [artifacts[1].id])
        let table = try await store.run(["verify", artifacts[0].id])
        #expect(table.status == 11 && table.output.contains("hash_mismatch  \(artifacts[0].id)"))
        #expect(try await store.run(["verify", "--since", "2999-01-01"]).status == 0)
    }

    @Test("What is refused has its exit code and says why")
    func refusals() async throws {
        let (store, _, _) = try await store()
        try await store.run(["doctor"]).requireSuccess()
        let plan = store.database + ".plan"
        let torn = store.path(of: "torn")
        try (Data(contentsOf: URL(fileURLWithPath: plan)).dropLast(5)).write(to: URL(fileURLWithPath: torn))
        for (arguments, code, reason) in [
            (["doctor", "--apply", torn], 64, "not whole"),
            (["doctor", "--apply", store.path(of: "none")], 3, "there is no plan"),
            (["doctor", "--apply", plan, "--bucket", "renders"], 64, "is for directory:images"),
            (["doctor", "--apply", plan, "--plan", torn], 64, "--apply takes a plan"),
            (["doctor", "--max-share", "5"], 64, "--max-share goes with --apply"),
            (["doctor", "--apply", plan, "--max-share", "101"], 64, "0 to 100"),
            (["doctor", "--plan", store.database], 4, "is no plan"),
            (["doctor", "--objects", store.path(of: "nowhere")], 8, "is not there"),
            (["doctor", "--bucket", "renders"], 8, "not looked for"),
            (["verify", "art_unknown"], 3, "art_unknown"),
            (["verify", "art_unknown", "--run", "run_1"], 64, "give ids"),
            (["verify", "--objects", store.path(of: "nowhere")], 8, "elsewhere"),
        ] as [([String], Int32, String)] {
            let result = try await store.run(arguments)
            #expect(result.status == code && result.errors.contains(reason), "\(arguments): \(result.errors)")
        }
    }

    @Test("Control-C leaves the draft, and the same command goes on with it", arguments: [SIGINT, SIGTERM, SIGKILL])
    func interrupted(signal: Int32) async throws {
        let (store, _, _) = try await store()
        // So many bytes that reading them takes seconds.
        let library = try await ArtifactStore.open(at: store.database)
        var images: [String] = []
        for number in 0..<4 {
            let claim = try await library.begin(
                GeneratedImageRequest(prompt: "a lighthouse", model: "image-model"), for: "large_\(number)"
            ).claim
            try await library.complete(
                claim, at: StorageReference(kind: "directory", bucket: "images", objectKey: claim.objectKey),
                facts: ImageFacts(byteCount: 1 << 30, sha256: String(repeating: "a", count: 64)),
                execution: ModelExecution(provider: "openai"))
            images.append("\(store.objects)/images/\(claim.objectKey)")
            try Self.write(Data(), images[number])
            try #require(truncate(images[number], 1 << 30) == 0)
        }
        try await library.close()

        let plan = store.path(of: "renders.plan")
        let command = ["doctor", "--bytes", "--plan", plan, "--format", "json"]
        let running = try Command.start(
            Command.path, command, environment: ["ARTIFACTS_DATABASE": store.database])
        let draft = plan + ".unfinished"
        try await Self.waitUntil {
            (FileManager.default.contents(atPath: draft) ?? Data()).count(where: { $0 == 10 }) > 2
        }
        kill(running.process.processIdentifier, signal)
        let ended = try await running.finish()
        #expect(ended.status == signal && running.process.terminationReason == .uncaughtSignal, "\(ended)")
        #expect(!FileManager.default.fileExists(atPath: plan) && FileManager.default.fileExists(atPath: draft))

        for image in images { try FileManager.default.removeItem(atPath: image) }
        let again = try await store.run(command)
        #expect(again.status == 11 && again.errors.contains("went on"), "\(again.errors)")
        let report = try again.json()
        #expect(report["resumed"] == true && report[path: "findings", "missing_object"] == 4)
        #expect(report["objectCount"] == 7 && report["artifactCount"] == 6)
        #expect(FileManager.default.fileExists(atPath: plan) && !FileManager.default.fileExists(atPath: draft))
    }

    private static func waitUntil(_ isSo: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !isSo(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
        #expect(isSo())
    }
}

extension Command.Result {
    func requireSuccess() throws {
        try #require(status == 0, "\(errors)")
    }
}
