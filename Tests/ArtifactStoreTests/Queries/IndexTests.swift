import ArtifactStoreTesting
import Foundation
import GRDB
import Synchronization
import Testing

@testable import ArtifactStore

@Suite("Indexes that triggers keep, and rebuilding them")
struct IndexTests {
    private static func check(_ temporary: TemporaryStore) async throws -> IndexReport {
        try await temporary.store.rebuildIndexes()
    }

    private static func usage(_ temporary: TemporaryStore) throws -> TableContents {
        try temporary.shell().read { db in
            try TableContents(
                db,
                sql: """
                    SELECT * FROM usageByDay WHERE artifactCount <> 0
                    ORDER BY day, status, requestedModel, underlyingImageModel, provider, failureType, skillVersion,
                        promptVersion, templateVersion, costCurrency
                    """)
        }
    }

    @Test("Whatever happened to the artifacts, both are in step, and rebuilding changes neither answers nor sums")
    func inStep() async throws {
        let temporary = try await SearchFixture.populated(seed: 11)
        let (usage, filter) = (try Self.usage(temporary), ArtifactFilter(search: "sea"))
        let found = try await temporary.store.page(where: filter).artifacts
        #expect(!found.isEmpty && usage.rowCount > 5)
        for _ in 0..<2 {
            let report = try await Self.check(temporary)
            #expect(report.searchWasInStep && report.usageWasInStep)
            #expect(try Self.usage(temporary) == usage)
            #expect(try await temporary.store.page(where: filter).artifacts == found)
        }
    }

    @Test(
        "Negative control: without any one of its triggers, the index of prompts falls out of step, and is mended",
        arguments: ["Creation", "Revision", "Deletion"])
    func triggers(name: String) async throws {
        let temporary = try await SearchFixture.populated(seed: 12, count: 40)
        try await temporary.shell().write { db in try db.execute(sql: "DROP TRIGGER promptSearchFollows\(name)") }
        let claim = try await temporary.claim()
        try await temporary.complete(claim)
        if name == "Deletion" { try await temporary.store.delete(claim.artifactId) }
        let report = try await Self.check(temporary)
        #expect(!report.searchWasInStep && report.usageWasInStep)
        #expect(try await Self.check(temporary).searchWasInStep)
        let found = try await temporary.store.page(where: ArtifactFilter(search: "oil")).artifacts.map(\.artifactId)
        #expect(found == (name == "Deletion" ? [] : [claim.artifactId]))
    }

    @Test("Sums that were changed by hand are noticed, and made anew")
    func sums() async throws {
        let temporary = try await SearchFixture.populated(seed: 13)
        let before = try Self.usage(temporary)
        let changes = [
            "UPDATE usageByDay SET artifactCount = artifactCount + 1 WHERE day = (SELECT min(day) FROM usageByDay)",
            "UPDATE usageByDay SET outputTokens = 5", "DELETE FROM usageByDay WHERE status = 'failed'",
            """
            INSERT INTO usageByDay SELECT 1, status, requestedModel, underlyingImageModel, provider, failureType,
                skillVersion, promptVersion, templateVersion, costCurrency, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM usageByDay LIMIT 1
            """,
        ]
        for change in changes {
            try await temporary.shell().write { db in try db.execute(sql: change) }
            let report = try await Self.check(temporary)
            #expect(!report.usageWasInStep && report.searchWasInStep, "\(change)")
            #expect(try Self.usage(temporary) == before)
        }
    }

    @Test("What is rolled back leaves both in step, in a group and in a transaction of its own")
    func rolledBack() async throws {
        struct Stopped: Error {}
        let temporary = try await SearchFixture.populated(seed: 14, count: 40)
        let pending = try await temporary.claim()
        for isAlone in [false, true] {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        if index % 2 == 0 { return _ = try await temporary.claim() }
                        try? await temporary.store.repository.database.write(alone: isAlone) { db in
                            try db.execute(
                                sql: """
                                    UPDATE artifact SET status = 'completed', completedAt = createdAt,
                                        storageKind = 's3', bucket = 'b', objectKey = 'k', revisedPrompt = 'undone'
                                    WHERE artifactId = ?
                                    """, arguments: [pending.artifactId.text])
                            #expect(db.changesCount == 1)
                            throw Stopped()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(try await temporary.store.page(where: ArtifactFilter(search: "undone")).artifacts.isEmpty)
        #expect(try await temporary.store.page(where: ArtifactFilter(search: "\"at dusk\"")).artifacts.count >= 21)
        let report = try await Self.check(temporary)
        #expect(report.searchWasInStep && report.usageWasInStep)
    }

    @Test("A store that is open for reading only is not rebuilt")
    func readOnly() async throws {
        let temporary = try await TemporaryStore.open()
        let reader = try await TemporaryStore.open(in: temporary.folder) { $0.access = .readOnly }
        #expect(await storeError { _ = try await reader.store.rebuildIndexes() }?.code == .readOnly)
    }

    @Test("Rebuilding says what it is at")
    func progress() async throws {
        let temporary = try await SearchFixture.populated(seed: 15, count: 40)
        let seen = Recorder()
        _ = try await temporary.store.rebuildIndexes { seen.note($0) }
        #expect(seen.subjects == ["the index of prompts", "the sums of usage"])
    }

    @Test(
        "A frozen store of every older version answers searches after its upgrade, as LIKE does",
        .enabled(if: Shell.isThere, "sqlite3 is not installed"), arguments: FixtureTests.oldVersions)
    func upgraded(version: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "a.sqlite")
        try Data(SmallStore.fixture(version)).write(to: URL(fileURLWithPath: path))
        let store = try await ArtifactStore.open(at: path)
        // Runs of ASCII letters that stand between spaces, or at an end, wherever they are in any prompt at all.
        let texts = try await Shell.lines(
            path, "SELECT hex(prompt || ' ' || ifnull(revisedPrompt, '')) FROM artifact")
        var words: Set<String> = []
        for text in texts.map(Self.text) {
            words.formUnion(text.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() })
        }
        let plain = words.filter { $0.utf8.allSatisfy { (0x61...0x7A).contains($0) } && $0.count > 2 }.sorted()
        #expect(plain.count > 5)
        var compared = 0
        for word in plain.prefix(40) {
            // Only words that are never a part of a longer one: LIKE knows no words.
            guard words.allSatisfy({ $0 == word || !Self.folded($0).contains(word) }) else { continue }
            let expected = try await Shell.lines(
                path,
                """
                SELECT artifactId FROM artifact WHERE prompt LIKE '%\(word)%' OR revisedPrompt LIKE '%\(word)%'
                ORDER BY sequence
                """)
            var found: [String] = []
            for try await page in store.artifacts(where: ArtifactFilter(search: word), order: .oldestFirst) {
                found += page.artifacts.map(\.artifactId.text)
            }
            #expect(found == expected, "\(word)")
            compared += found.count
        }
        #expect(compared > 100)
        let report = try await store.rebuildIndexes()
        #expect(report.searchWasInStep && report.usageWasInStep)
        try await store.close()
    }

    private static func folded(_ text: String) -> String {
        text.folding(options: .diacriticInsensitive, locale: nil)
    }

    private static func text(_ hex: String) -> String {
        let digits = Array(hex.utf8).map(UnicodeScalar.init).map(Character.init)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What progress told of, without repetitions.
private final class Recorder: Sendable {
    private let noted = Mutex<[String]>([])
    var subjects: [String] { noted.withLock { $0 } }

    func note(_ progress: StoreProgress) {
        noted.withLock { if $0.last != progress.subject { $0.append(progress.subject) } }
    }
}
