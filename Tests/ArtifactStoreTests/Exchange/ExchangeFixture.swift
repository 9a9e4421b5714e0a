import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

/// Stores to export from and import into, and what is in them.
enum ExchangeFixture {
    /// A copy of the frozen store of schema version 3: about a thousand artifacts of every kind.
    static func frozen() async throws -> TemporaryStore {
        let folder = try TemporaryFolder()
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/version-3.sqlite")
        try FileManager.default.copyItem(atPath: fixture.path, toPath: folder.path(of: "artifacts.sqlite"))
        return try await TemporaryStore.open(in: folder)
    }

    /// A small store with every kind of history, interleaved: completed, failed, taken over once and twice, pending.
    static func small(run: String = "run_1", _ configure: @Sendable (inout StoreOptions) -> Void = { _ in })
        async throws -> TemporaryStore
    {
        let temporary = try await TemporaryStore.open(configure: configure)
        let (store, clock) = (temporary.store, temporary.clock)
        _ = try await temporary.claim(run: run, key: "first")
        let second = try await temporary.claim(run: run)
        clock.advance(by: .seconds(5))
        try await temporary.complete(second)
        _ = try await temporary.claim(run: run, key: "taken twice")
        let failed = try await temporary.claim(run: run)
        clock.advance(by: .seconds(700))
        for owner in ["second owner", "third owner"] {
            let other = try await TemporaryStore.open(in: temporary.folder, clock: clock) { $0.owner = owner }
            let claim = try await other.store.begin(
                Fixture.request, for: run, idempotencyKey: "taken twice", context: Fixture.context
            ).claim
            if owner == "third owner" { try await temporary.complete(claim) }
            try await other.store.close()
            clock.advance(by: .seconds(700))
        }
        try await store.fail(failed, Fixture.failure, execution: Fixture.execution, usage: Fixture.usage)
        let again = try await store.begin(
            Fixture.request, for: run, idempotencyKey: "first", context: Fixture.context
        ).claim
        try await store.fail(again, Fixture.failure)
        let pending = try await temporary.claim(run: run, key: "pending")
        clock.advance(by: .seconds(1))
        _ = try await store.heartbeat(pending)
        return temporary
    }

    /// A small store's export, in a folder of its own.
    static func smallExport() async throws -> ExportedFolder {
        let store = try await small()
        let export = try ExportedFolder()
        _ = try await store.store.export(to: export.path)
        return export
    }
}

extension TemporaryStore {
    /// Every column but sequences, of every row, in the order of creation.
    func records() throws -> [String: TableContents] {
        try shell().read { db in
            var contents: [String: TableContents] = [:]
            for table in try StoreTable.all(db) where ["artifact", "event"].contains(table.name) {
                let columns = table.columns.filter { $0 != "sequence" }.joined(separator: ", ")
                contents[table.name] = try TableContents(
                    db, sql: "SELECT \(columns) FROM \(table.name) ORDER BY sequence")
            }
            contents["promptPart"] = try TableContents(
                db,
                sql: """
                    SELECT artifactId, position, role, source, version, text, textSha256 FROM promptPart
                    JOIN artifact ON artifact.sequence = artifactSequence ORDER BY artifactSequence, position
                    """)
            contents["artifactHour"] = try TableContents(db, sql: "SELECT hour FROM artifactHour ORDER BY hour")
            return contents
        }
    }

    /// Everything in the database.
    func everything() throws -> [String: TableContents] {
        try shell().read { db in
            try StoreTable.all(db).reduce(into: [:]) { contents, table in
                contents[table.name] = try TableContents(db, of: table, columns: table.columns)
            }
        }
    }
}

/// An export in a folder of its own, to be looked at and tampered with.
struct ExportedFolder {
    let parent: TemporaryFolder
    var path: String { parent.path(of: "export") }

    init() throws {
        parent = try TemporaryFolder()
    }

    private init(parent: TemporaryFolder) {
        self.parent = parent
    }

    func path(of name: String) -> String { "\(path)/\(name)" }

    /// All files by their paths, with their bytes.
    func files() throws -> [String: Data] {
        try FileManager.default.subpathsOfDirectory(atPath: path).reduce(into: [:]) { files, name in
            if let bytes = FileManager.default.contents(atPath: path(of: name)) { files[name] = bytes }
        }
    }

    /// The same export in another folder.
    func copy() throws -> ExportedFolder {
        let copy = try ExportedFolder()
        try FileManager.default.copyItem(atPath: path, toPath: copy.path)
        return copy
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try #require(FileManager.default.contents(atPath: path(of: name))))
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(of: name)))
    }

    func lines(_ name: String) throws -> [String] {
        String(decoding: try bytes(name), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func write(lines: [String], to name: String) throws {
        try write(Array(lines.map { $0 + "\n" }.joined().utf8), to: name)
    }

    /// Makes the manifest agree with what the files hold now: an export that lies, but not about its digests.
    func rewriteManifest() throws {
        func entry(_ name: String) throws -> ExportManifest.File {
            let bytes = try bytes(name)
            return ExportManifest.File(
                name: name, count: Int64(bytes.count { $0 == LineReader.end }), byteCount: Int64(bytes.count),
                sha256: SHA256Hex.of(bytes))
        }
        let old = try ExportManifest.parse(bytes(ExportManifest.fileName), newestSchema: 1_000)
        let new = ExportManifest(
            schemaVersion: old.schemaVersion, artifacts: try entry(ExportManifest.artifactsName),
            events: try entry(ExportManifest.eventsName),
            catalogue: old.catalogue == nil ? nil : try entry(ExportManifest.catalogueName),
            objects: old.objects == nil ? nil : try entry(ExportManifest.objectsName),
            objectFileCount: old.objectFileCount)
        try write(Array(new.text.utf8), to: ExportManifest.fileName)
    }
}
