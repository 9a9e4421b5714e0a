import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Backing up")
struct BackupTests {
    /// An open store with a few artifacts in its log, and metadata of a signed URL.
    private func store() async throws -> TemporaryStore {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim(key: "hero")
        try await temporary.complete(claim)
        for _ in 0..<20 { _ = try await temporary.claim() }
        try await temporary.shell().write { db in
            try db.execute(
                sql:
                    "INSERT INTO signedUrl (artifactId, method, signedAt, expiresAt, credentialId) VALUES (?, ?, ?, ?, ?)",
                arguments: [claim.artifactId.text, "GET", 1, 900_001, "credential-canary"])
        }
        return temporary
    }

    @Test("A backup of a store in use is one file, for its owner alone, that holds everything but signed URLs")
    func whole() async throws {
        let temporary = try await store()
        let file = temporary.folder.path(of: "backup.sqlite")
        let mask = umask(0)
        defer { umask(mask) }
        let report = try await temporary.store.backUp(to: file)
        #expect(report.file == file && report.schemaVersion == MigrationHistory.embedded.newestVersion)
        #expect(report.tables.first { $0.name == "artifact" }?.rows == 21)
        #expect(report.tables.first { $0.name == "signedUrl" }?.rows == 0)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        #expect(Int64(bytes.count) == report.byteCount)
        #expect(bytes[18] == 1 && bytes[19] == 1, "not in WAL mode: it needs no second file")
        #expect(bytes.range(of: Data("credential-canary".utf8)) == nil, "nor in pages that are free")
        var status = stat()
        #expect(lstat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: temporary.folder.path)
        #expect(!names.contains { $0.contains(".new-") || $0.hasPrefix("backup.sqlite-") }, "\(names)")
        let expected = try StoreContents(at: temporary.path)
        #expect(try StoreContents(at: file) == expected.withoutSignedURLs())
    }

    @Test("A backup is a store by itself: queries open it as it is, and leave nothing beside it")
    func opened() async throws {
        let temporary = try await store()
        let elsewhere = try TemporaryFolder()
        let file = elsewhere.path(of: "backup.sqlite")
        _ = try await temporary.store.backUp(to: file)
        let before = try FolderState(elsewhere.path)
        var options = StoreOptions()
        options.access = .readOnly
        let backup = try await ArtifactStore.open(at: file, options: options)
        #expect(try await backup.statistics().counts.total == 21)
        try await backup.close()
        #expect(try FolderState(elsewhere.path) == before)
    }

    @Test("Nothing is overwritten: no file, no link, no folder, and none of the store's own files")
    func conflict() async throws {
        let temporary = try await store()
        let folder = temporary.folder
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path(of: "file")))
        symlink("nowhere", folder.path(of: "link"))
        mkdir(folder.path(of: "folder"), 0o700)
        let before = try FolderState(folder.path)
        let own = ["", "-wal", "-shm", "-lock", "-journal"].map { temporary.path + $0 }
        for file in ["file", "link", "folder"].map(folder.path(of:)) + own {
            let error = await storeError { _ = try await temporary.store.backUp(to: file) }
            #expect(error?.code == .conflict, "\(file)")
        }
        #expect(try FolderState(folder.path) == before)
    }

    @Test("Two backups under one name at once: one is made, the other told so")
    func twoAtOnce() async throws {
        let temporary = try await store()
        let file = temporary.folder.path(of: "backup.sqlite")
        let results = await withTaskGroup(of: StoreError?.self) { group in
            for _ in 0..<6 {
                group.addTask { await storeError { _ = try await temporary.store.backUp(to: file) } }
            }
            return await group.reduce(into: [StoreError?]()) { $0.append($1) }
        }
        #expect(results.count { $0 == nil } == 1)
        #expect(results.compactMap { $0 }.allSatisfy { $0.code == .conflict })
        #expect(try StoreContents(at: file).rows["artifact"]?.rowCount == 21)
    }

    @Test("While others write, every backup is one moment of the store")
    func meanwhile() async throws {
        let temporary = try await store()
        let writing = Task {
            var count = 0
            while !Task.isCancelled {
                let claim = try await temporary.claim(run: "run_busy")
                try await temporary.complete(claim)
                count += 1
            }
            return count
        }
        for number in 0..<10 {
            let file = temporary.folder.path(of: "backup-\(number).sqlite")
            _ = try await temporary.store.backUp(to: file)
            let (artifacts, events) = try await DatabaseQueue(path: file).read { db in
                (
                    try Int.fetchOne(db, sql: "SELECT sum(1 + (status <> 'pending')) FROM artifact"),
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM event")
                )
            }
            #expect(artifacts == events, "one event for each step of each artifact")
        }
        writing.cancel()
        _ = await writing.result
    }

    @Test("An older store is backed up as it is", arguments: FixtureTests.oldVersions)
    func older(version: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "a.sqlite")
        try Data(SmallStore.fixture(version)).write(to: URL(fileURLWithPath: path))
        let report = try await ArtifactStore.backUp(at: path, to: folder.path(of: "backup.sqlite"))
        #expect(report.schemaVersion == version)
        #expect(try StoreContents(at: folder.path(of: "backup.sqlite")) == StoreContents(at: path).withoutSignedURLs())
    }

    @Test("A damaged store is not backed up, and the error says what is damaged")
    func damaged() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "a.sqlite")
        var bytes = try SmallStore.fixture(MigrationHistory.embedded.newestVersion)
        // Entries of indexes that lead nowhere: every page but the first is stirred a little.
        for page in stride(from: 4096 * 20, to: bytes.count, by: 4096 * 3) { bytes[page + 4000] ^= 0xFF }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let error = await storeError { _ = try await ArtifactStore.backUp(at: path, to: folder.path(of: "b.sqlite")) }
        #expect(error?.code == .database)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.sqlite"])
    }

    @Test(
        "A log that would be played into the backup stops it, before the copy and after it",
        arguments: ["-wal", "-journal"])
    func staleLog(suffix: String) async throws {
        let temporary = try await store()
        let file = temporary.folder.path(of: "backup.sqlite")
        let log = URL(fileURLWithPath: file + suffix)
        try Data("of another database".utf8).write(to: log)
        let error = await storeError { _ = try await temporary.store.backUp(to: file) }
        #expect(error?.code == .unsafePath && error?.message.contains(suffix) == true)
        try FileManager.default.removeItem(at: log)
        let late = await storeError {
            _ = try await temporary.store.backUp(to: file) { _ in
                try? Data("of another database".utf8).write(to: log)
            }
        }
        #expect(late?.code == .unsafePath)
        #expect(try StorePath(file).isTaken() == false)
    }

    @Test("Where a store that nobody has open is written to while it is copied, there is no backup")
    func writtenMeanwhile() async throws {
        let temporary = try await store()
        let folder = try TemporaryFolder()
        let (path, file) = (folder.path(of: "a.sqlite"), folder.path(of: "b.sqlite"))
        _ = try await temporary.store.backUp(to: path)
        let error = await storeError {
            _ = try await ArtifactStore.backUp(at: path, to: file) { _ in
                _ = try? DatabaseQueue(path: path).write { db in try db.execute(sql: "PRAGMA user_version = 7") }
            }
        }
        #expect(error?.code == .busy)
        #expect(try StorePath(file).isTaken() == false)
    }
}
