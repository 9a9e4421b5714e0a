import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Restoring")
struct RestoreTests {
    /// A store with one artifact, its backup, and then a second artifact.
    private func store() async throws -> (store: TemporaryStore, backup: String) {
        let temporary = try await TemporaryStore.open()
        _ = try await temporary.claim(key: "before")
        let backup = temporary.folder.path(of: "backup.sqlite")
        _ = try await temporary.store.backUp(to: backup)
        _ = try await temporary.claim(key: "after")
        return (temporary, backup)
    }

    private func total(_ path: String) async throws -> Int {
        let store = try await ArtifactStore.open(at: path)
        let total = try await store.statistics().counts.total
        try await store.close()
        return total
    }

    @Test("Where no store is, the backup becomes one, for its owner alone")
    func fresh() async throws {
        let (temporary, backup) = try await store()
        defer { withExtendedLifetime(temporary) {} }
        let folder = try TemporaryFolder()
        let path = folder.path(of: "restored.sqlite")
        let report = try await ArtifactStore.restore(backup, to: path)
        #expect(report.kept == nil && report.tables.first { $0.name == "artifact" }?.rows == 1)
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try await total(path) == 1)
    }

    @Test("A store that is there stays, unless it is to be replaced")
    func conflict() async throws {
        let (temporary, backup) = try await store()
        try await temporary.store.close()
        let before = try FolderState(temporary.folder.path)
        let error = await storeError { _ = try await ArtifactStore.restore(backup, to: temporary.path) }
        #expect(error?.code == .conflict)
        #expect(error?.hint.contains("--replace") == true)
        #expect(try FolderState(temporary.folder.path) == before)
    }

    @Test("A store that is replaced is kept, and can be put back in its turn")
    func replaced() async throws {
        let (temporary, backup) = try await store()
        try await temporary.store.close()
        let old = try StoreContents(at: temporary.path)
        let report = try await ArtifactStore.restore(backup, to: temporary.path, replacing: true)
        let kept = try #require(report.kept)
        #expect(kept.hasPrefix(temporary.path + ".replaced-"))
        #expect(try StoreContents(at: kept) == old)
        #expect(try await total(temporary.path) == 1)
        _ = try await ArtifactStore.restore(kept, to: temporary.path, replacing: true)
        #expect(try await total(temporary.path) == 2)
    }

    @Test("What the replaced store had in its log is kept, too")
    func log() async throws {
        let (temporary, backup) = try await store()
        // A process that died: its log holds commits, and nobody has the store open.
        let copy = try TemporaryFolder()
        let path = copy.path(of: "a.sqlite")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: temporary.path + suffix, toPath: path + suffix)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).count > 0)
        let kept = try #require(try await ArtifactStore.restore(backup, to: path, replacing: true).kept)
        #expect(try await total(path) == 1)
        #expect(try await total(kept) == 2)
    }

    @Test("A store that a program has open is not replaced", arguments: [StoreOptions.Access.readWrite, .readOnly])
    func busy(access: StoreOptions.Access) async throws {
        let (temporary, backup) = try await store()
        try await temporary.store.close()
        var options = StoreOptions()
        options.access = access
        let open = try await ArtifactStore.open(at: temporary.path, options: options)
        #expect(try await open.statistics().counts.total == 2)
        options.busyTimeout = .milliseconds(50)
        let error = await storeError { [options] in
            _ = try await ArtifactStore.restore(backup, to: temporary.path, replacing: true, options: options)
        }
        #expect(error?.code == .busy)
        #expect(error?.message.contains("open") == true)
        #expect(try await open.statistics().counts.total == 2)
        try await open.close()
        #expect(try await total(temporary.path) == 2)
    }

    @Test("A damaged store is kept as it is, with its log, and the backup takes its place")
    func damaged() async throws {
        let (temporary, backup) = try await store()
        try await temporary.store.close()
        let main = URL(fileURLWithPath: temporary.path)
        var bytes = try Data(contentsOf: main)
        for index in 100..<4096 { bytes[index] ^= 0x5A }
        try bytes.write(to: main)
        let kept = try #require(try await ArtifactStore.restore(backup, to: temporary.path, replacing: true).kept)
        #expect(try Data(contentsOf: URL(fileURLWithPath: kept)) == bytes)
        #expect(try await total(temporary.path) == 1)
    }

    @Test("A backup that is damaged, foreign, missing or the store itself changes nothing")
    func badBackup() async throws {
        let (temporary, backup) = try await store()
        try await temporary.store.close()
        let elsewhere = try TemporaryFolder()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: backup))
        bytes[4096 * 3 + 5] ^= 0xFF
        try bytes.write(to: URL(fileURLWithPath: elsewhere.path(of: "damaged")))
        try bytes.prefix(9000).write(to: URL(fileURLWithPath: elsewhere.path(of: "cut")))
        try Data("dear diary".utf8).write(to: URL(fileURLWithPath: elsewhere.path(of: "text")))
        // The lock tells for a moment that there is a restore.
        let state = { try FolderState(temporary.folder.path).ofFiles.without("artifacts.sqlite-lock") }
        let before = try state()
        let expected: [(String, StoreError.Code)] = [
            (elsewhere.path(of: "damaged"), .database), (elsewhere.path(of: "cut"), .database),
            (elsewhere.path(of: "text"), .notAnArtifactStore), (elsewhere.path(of: "none"), .notFound),
            (elsewhere.path, .unsafePath), (temporary.path, .conflict),
        ]
        for (file, code) in expected {
            let error = await storeError {
                _ = try await ArtifactStore.restore(file, to: temporary.path, replacing: true)
            }
            #expect(error?.code == code, "\(file): \(error.map { "\($0)" } ?? "restored")")
            #expect(try state() == before, "\(file)")
        }
    }

    @Test("A path that leads to something else than a store is never replaced")
    func foreignTarget() async throws {
        let (temporary, backup) = try await store()
        defer { withExtendedLifetime(temporary) {} }
        let folder = try TemporaryFolder()
        try Data("dear diary".utf8).write(to: URL(fileURLWithPath: folder.path(of: "text")))
        symlink("text", folder.path(of: "link"))
        let before = try FolderState(folder.path)
        for name in ["text", "link", "no/folder.sqlite"] {
            let error = await storeError {
                _ = try await ArtifactStore.restore(backup, to: folder.path(of: name), replacing: true)
            }
            #expect(error?.code == (name == "text" ? .notAnArtifactStore : .unsafePath), "\(name)")
        }
        #expect(try FolderState(folder.path) == before)
    }
}
