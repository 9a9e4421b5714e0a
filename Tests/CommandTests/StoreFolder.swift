import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

/// A folder with a store that `artifacts init` made, and the command working on it.
struct StoreFolder: Sendable {
    let folder: TemporaryFolder

    var root: String { folder.path }
    var database: String { folder.path(of: "artifacts.sqlite") }
    var objects: String { folder.path(of: "objects") }

    func path(of name: String) -> String { folder.path(of: name) }

    /// Requests, answers and images that ship with the package.
    static let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Examples")

    init() async throws {
        folder = try TemporaryFolder()
        let made = try await run(["init"])
        try #require(made.status == 0, "\(made.errors)")
    }

    /// Runs the command on this store.
    func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Command.Result {
        try await Command.run(
            arguments, environment: ["ARTIFACTS_DATABASE": database].merging(environment) { $1 })
    }

    /// Runs a shell script in this folder, for this store.
    func shell(_ script: String) async throws -> Command.Result {
        try await Command.shell(script, environment: ["ARTIFACTS_DATABASE": database], in: folder.path)
    }

    /// Runs SQL in the sqlite3 shell, past all rules of the library.
    func sql(_ statements: String) async throws {
        let result = try await Command.start("/usr/bin/sqlite3", ["-bail", database, statements]).finish()
        try #require(result.status == 0, "\(result.errors)")
    }

    /// The paths of an example's request and answer.
    static func example(_ name: String) -> (request: String, response: String) {
        (
            examples.appendingPathComponent("requests/\(name).json").path,
            examples.appendingPathComponent("responses/\(name).json").path
        )
    }

    /// What records an example.
    static func recording(_ example: String, run: String = "run_1", key: String? = nil) -> [String] {
        let files = Self.example(example)
        return ["record", "--run", run, "--request", files.request, "--response", files.response, "--format", "json"]
            + (key.map { ["--idempotency-key", $0] } ?? [])
    }

    /// Records an example; the artifacts as JSON.
    @discardableResult
    func record(_ example: String, run: String = "run_1", key: String? = nil) async throws -> [JSONValue] {
        let result = try await self.run(Self.recording(example, run: run, key: key))
        try #require(result.status == 0, "\(result.errors)")
        return try #require(try result.json()["artifacts"]?.array)
    }

    /// Records one image with this request (and a small answer); the artifact as JSON.
    func record(_ request: JSONValue, run: String = "run_1") async throws -> JSONValue {
        let answer = Self.example("gemini-completed").response
        let recorded = try await self.run([
            "record", "--run", run, "--request", try write(request), "--response", answer, "--format", "json",
        ])
        try #require(recorded.status == 0, "\(recorded.errors)")
        return try #require(try recorded.json()["artifacts"]?.array?.first)
    }

    /// Writes JSON to a new file in the folder.
    func write(_ json: JSONValue) throws -> String {
        let path = folder.path(of: "\(UUID().uuidString).json")
        try Data(json.compactText.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Where an artifact's bytes are.
    func object(of artifact: JSONValue) throws -> String {
        let storage = try #require(artifact["storage"])
        return "\(objects)/\(try #require(storage["bucket"]?.string))/\(try #require(storage["objectKey"]?.string))"
    }

    /// Everything a reading command must leave alone: the database, and its log where there is one.
    func bytes() -> [Data?] {
        [database, database + "-wal"].map { FileManager.default.contents(atPath: $0) }
    }
}

extension JSONValue {
    /// The value behind several names.
    subscript(path names: String...) -> JSONValue? {
        names.reduce(self as JSONValue?) { $0?[$1] }
    }

    /// An artifact's id.
    var id: String { self["artifactId"]?.string ?? "" }
}
