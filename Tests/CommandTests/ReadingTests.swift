import ArtifactStore
import Foundation
import Testing

@Suite("Reading beside a service")
struct ReadingTests {
    /// Every command that only reads.
    private static func queries(_ id: String) -> [[String]] {
        [
            ["list"], ["list", "--all", "--limit", "1", "--format", "csv"], ["show", id, "--format", "json"],
            ["run", "run_1"], ["get", id], ["events"], ["stats", "--format", "json"],
        ]
    }

    @Test("Queries leave the bytes of the database and its log alone")
    func untouched() async throws {
        let store = try await StoreFolder()
        let id = try await store.record("openai-images-two-images")[0].id
        let before = store.bytes()
        let names = try FileManager.default.subpathsOfDirectory(atPath: store.root).sorted()
        for query in Self.queries(id) {
            let result = try await store.run(query)
            #expect(result.status == 0, "\(query): \(result.errors)")
        }
        #expect(store.bytes() == before)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: store.root).sorted() == names)
    }

    @Test("Queries answer while another process writes, each from a whole state")
    func meanwhile() async throws {
        let store = try await StoreFolder()
        let id = try await store.record("gemini-completed")[0].id
        let driver = Command.builtProducts.appendingPathComponent("store-driver").path
        // What it prints goes to a file: a pipe that nobody empties would stop it.
        let writer = try Command.start(
            "/bin/sh",
            ["-c", "exec '\(driver)' lifecycle '\(store.database)' 1000000 full > '\(store.path(of: "log"))'"])
        var count: Int64 = 1
        for _ in 0..<3 {
            let before = count
            // Bounded: each round is a whole query, and the writer makes hundreds of artifacts a second.
            for _ in 0..<500 where count <= before {
                let statistics = try await store.run(["stats", "--format", "json"]).json()
                count = try #require(statistics[path: "counts", "total"]?.integer)
            }
            #expect(count > before)
            for query in Self.queries(id) {
                let result = try await store.run(query)
                #expect(result.status == 0, "\(query): \(result.errors)")
            }
        }
        #expect(writer.process.isRunning)
        await writer.interrupt()
    }

    /// Nobody's user and group: to root, no folder is read-only.
    private static let asNobody =
        getuid() == 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups " : ""

    private static let canActAsNobody: Bool = {
        guard getuid() == 0 else { return true }
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: "/bin/sh")
        probe.arguments = ["-c", "\(asNobody) '\(Command.path)' --version > /dev/null 2>&1"]
        return (try? probe.run()).map { probe.waitUntilExit() } != nil && probe.terminationStatus == 0
    }()

    @Test(
        "A store that may not be written at all can be queried, and writing says why it cannot",
        .enabled(if: canActAsNobody, "another user cannot run the command here"))
    func readOnlyFolder() async throws {
        let store = try await StoreFolder()
        let id = try await store.record("openai-images-two-images")[0].id
        if getuid() == 0 {
            try #require(try await store.shell("chown -R 65534:65534 .; chown 0:0 .").status == 0)
        }
        try #require(try await store.shell("chmod -R a-w . && chmod a+rx .").status == 0)
        let before = store.bytes()
        for query in Self.queries(id) {
            let result = try await store.shell("\(Self.asNobody) artifacts \(query.joined(separator: " "))")
            #expect(result.status == 0, "\(query): \(result.errors)")
        }
        #expect(store.bytes() == before)
        for refused in ["init --database new.sqlite", "sweep"] {
            let result = try await store.shell("\(Self.asNobody) artifacts \(refused)")
            #expect(result.status == 7 || result.status == 8, "\(refused): \(result.errors)")
            #expect(result.errors.contains("\nhint: "))
        }
        #expect(try await store.shell("chmod -R u+w .").status == 0)
    }
}
