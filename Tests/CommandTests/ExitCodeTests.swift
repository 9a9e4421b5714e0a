import ArtifactStore
import Foundation
import Testing

@Suite("Exit codes")
struct ExitCodeTests {
    /// The command ended with this code, said why and what to do on standard error, and printed nothing else.
    private func expect(
        _ code: Int32, _ result: Command.Result, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == code, "\(result.errors)", sourceLocation: sourceLocation)
        #expect(result.bytes.isEmpty, sourceLocation: sourceLocation)
        #expect(
            result.errors.wholeMatch(of: /error: .+\nhint: .+\n/) != nil, "\(result.errors)",
            sourceLocation: sourceLocation)
    }

    @Test("3: no such artifact, run or database")
    func notFound() async throws {
        let store = try await StoreFolder()
        let pending = try await store.record("openai-images-rate-limited")[0].id
        expect(3, try await store.run(["show", "art_none"]))
        expect(3, try await store.run(["get", "art_none"]))
        expect(3, try await store.run(["get", pending]))
        expect(3, try await store.run(["run", "run_none"]))
        expect(3, try await store.run(["events", "--artifact", "art_none"]))
        let missing = store.path(of: "none.sqlite")
        for command in [["list"], ["stats"], ["sweep"], ["migrate", "up"], StoreFolder.recording("gemini-completed")] {
            let result = try await store.run(command + ["--database", missing])
            expect(3, result)
            #expect(result.errors.contains("artifacts init --database \(missing)"))
        }
        #expect(!FileManager.default.fileExists(atPath: missing))
    }

    @Test("4: the key has another request, or the file to write is there already")
    func conflict() async throws {
        let store = try await StoreFolder()
        let id = try await store.record("gemini-completed", key: "hero")[0].id
        expect(4, try await store.run(StoreFolder.recording("openai-responses-tool-call", key: "hero")))
        expect(4, try await store.run(["get", id, "--output", store.database]))
    }

    @Test("5: another process holds the write lock; queries go on")
    func busy() async throws {
        let store = try await StoreFolder()
        try await store.record("gemini-completed")
        let lock = open(store.database + "-lock", O_RDWR)
        try #require(lock >= 0 && flock(lock, LOCK_EX) == 0)
        defer { close(lock) }
        async let refused = store.run(StoreFolder.recording("gemini-completed"))
        #expect(try await store.run(["list", "--format", "ndjson"]).jsonLines().count == 1)
        expect(5, try await refused)
    }

    @Test("5: an sqlite3 shell sits in a write transaction; queries go on")
    func busyShell() async throws {
        let store = try await StoreFolder()
        try await store.record("gemini-completed")
        let shell = try Command.start("/usr/bin/sqlite3", [store.database])
        try shell.input.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE;\nSELECT 'held';\n".utf8))
        #expect(await shell.lines(1) == ["held"])
        async let refused = store.run(["sweep"])
        #expect(try await store.run(["list", "--format", "ndjson"]).jsonLines().count == 1)
        expect(5, try await refused)
        #expect(try await shell.finish().status == 0)
    }

    @Test("6: a newer program wrote the schema, and nothing is touched")
    func tooNew() async throws {
        let store = try await StoreFolder()
        let hash = String(repeating: "0", count: 64)
        try await store.sql(
            """
            INSERT INTO schemaMigration
            SELECT max(version) + 1, '0009_future.sql', '\(hash)', 0, '9.9.9', 0 FROM schemaMigration
            """)
        let before = store.bytes()
        for command in [
            ["list"], ["migrate", "up"], ["migrate", "plan"], ["init"], StoreFolder.recording("gemini-completed"),
        ] {
            let result = try await store.run(command)
            expect(6, result)
            #expect(result.errors.contains("9.9.9"))
        }
        #expect(store.bytes() == before)
    }

    @Test("7: something else than an artifact store")
    func foreign() async throws {
        let store = try await StoreFolder()
        try Data("dear diary\n".utf8).write(to: URL(fileURLWithPath: store.path(of: "text")))
        let made = try await store.shell(
            "sqlite3 theirs 'CREATE TABLE secret (a)'; mkdir folder; mkfifo fifo; ln -s artifacts.sqlite link")
        try #require(made.status == 0)
        for name in ["text", "theirs", "folder", "fifo", "link"] {
            for command in [["list"], ["sweep"], ["init"]] {
                expect(7, try await store.run(command + ["--database", store.path(of: name)]))
            }
        }
        expect(7, try await store.run(["list", "--database", ""]))
        expect(7, try await store.run(["list", "--database", "file:\(store.database)?mode=memory"]))
    }

    @Test("8: the bytes are not the recorded ones, are gone, or cannot be written out")
    func storage() async throws {
        let store = try await StoreFolder()
        let artifact = try await store.record("gemini-completed")[0]
        let get = ["get", artifact.id, "--output", store.path(of: "out.png")]
        expect(8, try await store.run(get + ["--objects", store.path(of: "none")]))
        #expect(!FileManager.default.fileExists(atPath: store.path(of: "none")))
        let object = URL(fileURLWithPath: try store.object(of: artifact))
        var bytes = try Data(contentsOf: object)
        let full = try await store.shell("artifacts get \(artifact.id) > /dev/full")
        expect(8, full)
        expect(8, try await store.shell("artifacts list > /dev/full"))
        bytes[100] ^= 1
        try bytes.write(to: object)
        expect(8, try await store.run(get))
        try bytes.dropLast().write(to: object)
        expect(8, try await store.run(get))
        try FileManager.default.removeItem(at: object)
        expect(8, try await store.run(get))
        expect(8, try await store.run(["get", artifact.id, "--output", store.path(of: "no/folder.png")]))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: store.root).filter { $0.contains("out") } == [])
    }

    @Test("10: a migration was edited")
    func otherHistory() async throws {
        let store = try await StoreFolder()
        try await store.sql(
            """
            DROP TRIGGER schemaMigrationIsFixed;
            UPDATE schemaMigration SET chainHash = '\(String(repeating: "0", count: 64))' WHERE version = 1
            """)
        expect(10, try await store.run(["list"]))
        expect(10, try await store.run(["migrate", "up"]))
        expect(10, try await store.run(StoreFolder.recording("gemini-completed")))
    }

    @Test(
        "64: options that are wrong, with a pointer to the help",
        arguments: [
            ["shw"], ["list", "--colour"], ["list", "--status", "done"], ["list", "--limit", "0"],
            ["list", "--limit", "1001"], ["list", "--since", "yesterday"], ["list", "--format", "xml"],
            ["list", "--all", "--format", "json"], ["list", "extra"], ["show"], ["record", "--run", "run_1"],
            ["events", "--follow", "--format", "json"], ["events", "--after", "x"], ["get", "art_1", "--output", ""],
        ])
    func options(arguments: [String]) async throws {
        let result = try await Command.run(arguments, environment: ["ARTIFACTS_DATABASE": "/nonexistent/a.sqlite"])
        #expect(result.status == 64)
        #expect(result.bytes.isEmpty)
        #expect(result.errors.hasPrefix("Error: ") && result.errors.contains("--help"), "\(result.errors)")
    }

    @Test("64: no database is named")
    func noDatabase() async throws {
        for command in [["list"], ["init"], ["show", "art_1"], ["sweep"], StoreFolder.recording("gemini-completed")] {
            let result = try await Command.run(command)
            expect(64, result)
            #expect(result.errors.contains("ARTIFACTS_DATABASE"))
        }
    }

    @Test(
        "64: a request that is no JSON, has unknown members, or asks for what is out of scope",
        arguments: [
            "", "{", "[]", "{\"prompt\": \"a\"}", "{\"prompt\": \"a\", \"model\": \"m\", \"promt\": \"b\"}",
            "{\"prompt\": \"a\", \"prompt\": \"b\", \"model\": \"m\"}", "{\"prompt\": 7, \"model\": \"m\"}",
            "{\"prompt\": \"a\", \"model\": \"m\", \"seed\": 0.5}",
            "{\"prompt\": \"a\", \"model\": \"m\", \"inputImages\": [\"cat.png\"]}",
            "{\"prompt\": \"a\", \"model\": \"m\", \"mask\": \"mask.png\"}",
            "{\"prompt\": \"a\", \"model\": \"m\", \"video\": {}}", "{\"prompt\": \"a\\u0000b\", \"model\": \"m\"}",
        ])
    func requests(text: String) async throws {
        let store = try await StoreFolder()
        let path = store.path(of: "request.json")
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let answer = StoreFolder.example("gemini-completed").response
        expect(64, try await store.run(["record", "--run", "run_1", "--request", path, "--response", answer]))
        #expect(try await store.run(["list", "--format", "ndjson"]).bytes.isEmpty)
    }

    @Test("64: an answer that is missing, a folder, or no answer")
    func answers() async throws {
        let store = try await StoreFolder()
        let request = StoreFolder.example("gemini-completed").request
        let record = ["record", "--run", "run_1", "--request", request, "--response"]
        for answer in [store.path(of: "none.json"), store.root, request] {
            expect(64, try await store.run(record + [answer]))
        }
        for answer: JSONValue in [["httpStatus": 302], ["httpStatus": 200, "body": "hello"], ["httpStatus": "200"]] {
            let result = try await store.run(record + [try store.write(answer)])
            expect(64, result)
        }
        #expect(try await store.run(["list", "--format", "ndjson"]).bytes.isEmpty)
    }
}
