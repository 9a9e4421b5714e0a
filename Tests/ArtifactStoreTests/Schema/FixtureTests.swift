import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

/// Every version's frozen store, brought to the newest version and looked at through the sqlite3 shell: nothing here
/// believes what the migrator says of itself.
@Suite("Frozen stores of every version", .enabled(if: Shell.isThere, "sqlite3 is not installed"))
struct FixtureTests {
    private static let newest = MigrationHistory.embedded.newestVersion
    static let versions = Array(1...newest)
    static let oldVersions = Array(1..<newest)

    /// A copy of a version's frozen store.
    private func store(_ version: Int, in folder: TemporaryFolder) throws -> String {
        let path = folder.path(of: "a.sqlite")
        try Data(SmallStore.fixture(version)).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Every row of every table, each value as the SQL literal that makes it.
    private func dump(_ path: String, columnsOf other: String? = nil) async throws -> [String: [String]] {
        var dump: [String: [String]] = [:]
        let tables = try await Shell.lines(
            path,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('sqlite_sequence', 'schemaMigration')"
        )
        for table in tables {
            let columns = try await Shell.lines(other ?? path, "SELECT name FROM pragma_table_info('\(table)')")
            // A table that the other store has not got.
            if columns.isEmpty { continue }
            let values = columns.map { "quote(\($0))" }.joined(separator: " || ',' || ")
            let key = try await Shell.lines(path, "SELECT name FROM pragma_table_info('\(table)') WHERE pk ORDER BY pk")
            dump[table] = try await Shell.lines(
                path, "SELECT hex(\(values)) FROM \(table) ORDER BY \(key.joined(separator: ", "))")
        }
        dump["sequences"] = try await Shell.lines(path, "SELECT name, seq FROM sqlite_sequence ORDER BY name")
        return dump
    }

    @Test("are what they were on the day they were frozen")
    func frozen() async throws {
        let sums = try String(contentsOf: SmallStore.fixtures.appendingPathComponent("fixtures.sum"), encoding: .utf8)
        let lines = try Self.versions.map { "\(SHA256Hex.of(try SmallStore.fixture($0)))  version-\($0).sqlite" }
        #expect(sums.split(separator: "\n").map(String.init) == lines)
    }

    @Test("hold every status, failure, usage and child there is, and expired signed URLs", arguments: versions)
    func shapes(version: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try store(version, in: folder)
        let queries = [
            "SELECT count(*) >= 1000 FROM artifact",
            "SELECT count(DISTINCT status) = 3 FROM artifact",
            "SELECT count(DISTINCT failureType) = 6 FROM artifact",
            "SELECT count(DISTINCT failureAction) = 6 FROM artifact",
            "SELECT count(DISTINCT storageKind) >= 3 FROM artifact",
            "SELECT count(*) >= 100 FROM artifact WHERE status = 'completed' AND providerUsage IS NULL",
            "SELECT count(*) >= 50 FROM artifact WHERE providerUsage LIKE '%cacheTokensDetails%'",
            "SELECT count(*) >= 50 FROM artifact WHERE providerUsage LIKE '%cache_write_tokens%'",
            "SELECT count(*) >= 50 FROM artifact WHERE costMicros IS NOT NULL",
            "SELECT count(*) >= 10 FROM artifact WHERE includedInArtifactId IS NOT NULL",
            "SELECT count(DISTINCT costCurrency) >= 2 FROM artifact",
            "SELECT count(*) >= 10 FROM artifact WHERE instr(prompt, char(10)) OR instr(prompt, char(27))",
            "SELECT count(*) >= 10 FROM artifact WHERE length(prompt) < length(CAST(prompt AS BLOB))",
            "SELECT count(*) >= 10 FROM artifact WHERE fencingToken > 1",
            "SELECT count(*) >= 1000 FROM promptPart",
            "SELECT count(DISTINCT kind) = \(version < 4 ? 4 : version < 5 ? 5 : 6) FROM event",
            "SELECT count(*) >= 50 FROM signedUrl WHERE expiresAt < 1800000000000",
        ]
        let ofDeletion = [
            "SELECT count(*) >= 30 FROM event WHERE kind = 'deleted'",
            "SELECT count(*) >= 5 FROM objectRemoval WHERE removedAt IS NOT NULL AND attempts = 1",
            "SELECT count(*) >= 5 FROM objectRemoval WHERE removedAt IS NULL AND attempts = 0",
            "SELECT count(*) >= 5 FROM objectRemoval WHERE removedAt IS NULL AND lastFailure LIKE '%SlowDown%'",
        ]
        let ofCatalogue = [
            "SELECT count(DISTINCT imageGenerationSupport) = 3 FROM artifact",
            "SELECT count(*) >= 100 FROM artifact WHERE imageGenerationSupport = 'no' AND status = 'failed'",
            "SELECT count(DISTINCT catalogueRevision) = 3 FROM artifact",
            "SELECT count(*) >= 50 FROM computedCost WHERE computation = 2",
            "SELECT count(DISTINCT costCurrency) >= 2 FROM computedCost",
            "SELECT count(DISTINCT supportsImageGeneration) = 3 FROM modelDeclaration",
            "SELECT sum(artifactCount) = (SELECT count(*) FROM artifact WHERE status <> 'pending') FROM usageByDay",
            "SELECT count(*) = (SELECT count(*) FROM artifact) FROM promptSearch_docsize",
        ]
        for query in queries + (version < 4 ? [] : ofDeletion) + (version < 5 ? [] : ofCatalogue) {
            #expect(try await Shell.lines(path, query) == ["1"], "\(query)")
        }
    }

    @Test("reach the newest version with the schema of a new store, byte for byte", arguments: oldVersions)
    func schema(version: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try store(version, in: folder)
        _ = try await ArtifactStore.migrate(at: path)
        let new = folder.path(of: "new.sqlite")
        try await ArtifactStore.open(at: new).close()
        let query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
        let expected = try await Shell.lines(new, query)
        #expect(expected.count > 100)
        #expect(try await Shell.lines(path, query) == expected)
        #expect(try await Shell.lines(path, "PRAGMA user_version") == ["\(Self.newest)"])
        #expect(try await Shell.lines(path, "PRAGMA integrity_check") == ["ok"])
        #expect(try await Shell.lines(path, "PRAGMA foreign_key_check") == [])
        let ledger = "SELECT version, name, chainHash FROM schemaMigration"
        #expect(try await Shell.lines(path, ledger) == Shell.lines(new, ledger))
    }

    @Test("reach the newest version with every row and every value they had", arguments: oldVersions)
    func rows(version: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try store(version, in: folder)
        let before = try await dump(path)
        let report = try await ArtifactStore.migrate(at: path)
        let backup = try #require(report.backup)
        let after = try await dump(path, columnsOf: backup)
        for (table, rows) in before {
            #expect(after[table] == rows, "\(table)")
            guard table != "sequences" else { continue }
            let counts = report.tables.first { $0.name == table }
            #expect(counts?.rowsBefore == Int64(rows.count) && counts?.rowsAfter == Int64(rows.count), "\(table)")
        }
        var kept = before
        kept["signedUrl"] = []
        #expect(try await dump(backup) == kept, "the backup")
    }

    @Test(
        "have what providers said of caches in columns of their own afterwards, as another parser reads it",
        arguments: [1, 2])
    func cachedUsage(version: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try store(version, in: folder)
        _ = try await ArtifactStore.migrate(at: path)
        let rows = try await Shell.lines(
            path,
            """
            SELECT cachedInputTextTokens, cachedInputImageTokens, cacheWriteInputTokens, hex(providerUsage)
            FROM artifact WHERE providerUsage IS NOT NULL
            """)
        var known = 0
        for row in rows {
            let fields = row.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            let usage = try JSONParser.parse(Data(Self.bytes(fields[3])))
            let expected = Self.cachedUsage(usage).map { $0.map(String.init) ?? "" }
            #expect(Array(fields.prefix(3)) == expected, "\(usage.compactText)")
            known += expected.count { !$0.isEmpty }
        }
        #expect(known > 100)
    }

    /// Cached text, cached images and cache writes, as a provider's usage has them: whole numbers that a column takes.
    private static func cachedUsage(_ usage: JSONValue) -> [Int64?] {
        // A number like 1e3 is a fraction to SQLite, and stays unknown.
        func count(_ value: JSONValue?) -> Int64? {
            guard let value, value.integer.map({ (0...1_000_000_000_000).contains($0) }) == true else { return nil }
            return Int64(value.compactText)
        }
        func tokens(_ modality: String) -> Int64? {
            let entries = usage["cacheTokensDetails"]?.array?.filter { $0["modality"]?.string == modality } ?? []
            return entries.count == 1 ? count(entries[0]["tokenCount"]) : nil
        }
        return [tokens("TEXT"), tokens("IMAGE"), count(usage["input_tokens_details"]?["cache_write_tokens"])]
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.utf8.count, by: 2).compactMap { offset in
            let start = hex.index(hex.startIndex, offsetBy: offset)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16)
        }
    }

    @Test("can be read by every query afterwards", arguments: versions)
    func reading(version: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try store(version, in: folder)
        let store = try await ArtifactStore.open(at: path)
        let total = try await store.statistics().counts.total
        var seen: [ArtifactID] = []
        for try await page in store.artifacts(pageSize: 300) { seen += page.artifacts.map(\.artifactId) }
        #expect(seen.count == total && Set(seen).count == total)
        for run in ["run_0", "run_pending"] { #expect(try await !store.runDetail(run).artifacts.isEmpty) }
        try await store.close()
    }

    @Test("come back from the backup of their upgrade, for the program that wrote them", arguments: oldVersions)
    func rollBack(version: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try store(version, in: folder)
        var before = try await dump(path)
        before["signedUrl"] = []
        let backup = try #require(try await ArtifactStore.migrate(at: path).backup)
        let report = try await ArtifactStore.restore(backup, to: path, replacing: true)
        #expect(report.schemaVersion == version)
        #expect(try await dump(path) == before)
        let old = MigrationHistory(steps: Array(MigrationHistory.embedded.steps.prefix(version)))
        let opened = try StoreDatabase.open(path, StoreOptions(), history: old)
        #expect(opened.migration.toVersion == version)
        try await opened.close()
        // And forward again.
        #expect(try await ArtifactStore.migrate(at: path).toVersion == Self.newest)
    }

    @Test("are not touched by a plan, nor is their folder", arguments: oldVersions)
    func plan(version: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try store(version, in: folder)
        let before = try FolderState(folder.path)
        let plan = try await ArtifactStore.planMigration(at: path)
        #expect(try FolderState(folder.path) == before)
        #expect(plan.report.fromVersion == version && plan.report.toVersion == Self.newest)
        #expect(plan.neededBytes > Int64(try SmallStore.fixture(version).count))
        let done = try await ArtifactStore.migrate(at: path)
        #expect(done.tables.map(\.name) == plan.report.tables.map(\.name))
        #expect(done.tables.map(\.rowsAfter) == plan.report.tables.map(\.rowsAfter))
    }
}
