import ArtifactStore
import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@Suite("Paths that are refused")
struct PathTests {
    /// Everything that can be told about a folder from outside: names, bytes, permissions, change times.
    private func snapshot(_ folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().map { name in
            var status = stat()
            lstat("\(folder)/\(name)", &status)
            let isFile = status.st_mode & S_IFMT == S_IFREG
            let bytes = isFile ? FileManager.default.contents(atPath: "\(folder)/\(name)")?.base64EncodedString() : nil
            return "\(name) \(status.st_mode) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(bytes ?? "")"
        }
    }

    private func expectRefusal(
        _ path: String, in folder: TemporaryFolder, _ code: StoreError.Code,
        _ access: [StoreOptions.Access] = [.readOnly, .readWrite, .createIfMissing]
    ) async throws {
        for access in access {
            let before = try snapshot(folder.path)
            let error = await storeError {
                var options = StoreOptions()
                options.access = access
                _ = try await ArtifactStore.open(at: path, options: options)
            }
            #expect(error?.code == code, "\(path) \(access): \(error.map(String.init(describing:)) ?? "opened")")
            #expect(error?.hint.isEmpty == false)
            #expect(try snapshot(folder.path) == before, "\(path) \(access) was touched")
        }
    }

    @Test(
        "Strings that SQLite would take for something else",
        arguments: [
            "", ":memory:", "file:a.sqlite", "file:a?mode=memory", "FILE:a", "a\0b", "folder/", ".", "..", "a/..",
        ])
    func strings(path: String) async throws {
        try await expectRefusal(path, in: TemporaryFolder(), .unsafePath)
    }

    @Test("A folder, a FIFO, a device, a symbolic link, a file with two names")
    func kinds() async throws {
        let folder = try TemporaryFolder()
        let target = folder.path(of: "target.sqlite")
        try await ArtifactStore.open(at: target).close()
        #expect(mkdir(folder.path(of: "folder"), 0o700) == 0)
        #expect(mkfifo(folder.path(of: "fifo"), 0o600) == 0)
        #expect(symlink(target, folder.path(of: "link")) == 0)
        #expect(symlink(folder.path(of: "nowhere"), folder.path(of: "dangling")) == 0)
        for name in ["folder", "fifo", "link", "dangling"] {
            try await expectRefusal(folder.path(of: name), in: folder, .unsafePath)
        }
        try await expectRefusal("/dev/null", in: folder, .unsafePath)
        #expect(link(target, folder.path(of: "second name")) == 0)
        try await expectRefusal(target, in: folder, .unsafePath)
    }

    @Test("A text file, an image, random bytes, a truncated header")
    func notDatabases() async throws {
        let folder = try TemporaryFolder()
        let contents: [String: Data] = [
            "text": Data("dear diary".utf8), "image": SampleImage.png(),
            "random": Data((0..<8192).map { UInt8($0 % 251) }),
            "header": Data("SQLite format 3\0".utf8), "short": Data("SQLite".utf8),
        ]
        for (name, bytes) in contents {
            try bytes.write(to: URL(fileURLWithPath: folder.path(of: name)))
            try await expectRefusal(folder.path(of: name), in: folder, .notAnArtifactStore)
        }
    }

    @Test("Another application's database, in either journal mode", arguments: ["DELETE", "WAL"], [0, 0x4750_4B47])
    func foreign(mode: String, applicationId: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "foreign.sqlite")
        do {
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = \(mode)")
                try db.execute(sql: "PRAGMA application_id = \(applicationId)")
                try db.execute(sql: "CREATE TABLE secret (a); INSERT INTO secret VALUES ('theirs')")
            }
            try queue.close()
        }
        try await expectRefusal(path, in: folder, .notAnArtifactStore)
    }

    @Test("A missing store or an empty file, unless one may be made")
    func missing() async throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path(of: "empty")))
        for name in ["missing", "empty"] {
            try await expectRefusal(folder.path(of: name), in: folder, .notFound, [.readOnly, .readWrite])
            try await ArtifactStore.open(at: folder.path(of: name)).close()
            var options = StoreOptions()
            options.access = .readWrite
            try await ArtifactStore.open(at: folder.path(of: name), options: options).close()
        }
        try await expectRefusal(folder.path(of: "no/such/folder"), in: folder, .unsafePath)
    }

    @Test("Files are for their owner alone, whatever the umask", arguments: ["000", "022", "777"])
    func permissions(mask: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "a.sqlite")
        // In a process of its own: the umask is the whole process's.
        let result = try await Driver.run(
            "/bin/sh", ["-c", "umask \(mask); exec \(Driver.path) begin \(path) run_1 hero"])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["a.sqlite", "a.sqlite-lock", "a.sqlite-shm", "a.sqlite-wal"])
        for name in names {
            var status = stat()
            #expect(lstat(folder.path(of: name), &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600, "\(name)")
        }
    }
}
