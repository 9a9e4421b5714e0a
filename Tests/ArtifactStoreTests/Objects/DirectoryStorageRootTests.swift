@testable import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("The root of a directory storage")
struct DirectoryStorageRootTests {
    @Test("A missing root is made, its parents are not")
    func missing() throws {
        let folder = try TemporaryFolder()
        _ = try DirectoryObjectStorage(root: folder.path(of: "objects///"), bucket: "renders")
        #expect(FileManager.default.fileExists(atPath: folder.path(of: "objects")))
        let error = #expect(throws: StoreError.self) {
            try DirectoryObjectStorage(root: folder.path(of: "no/such/parent"), bucket: "renders")
        }
        #expect(error?.code == .objectStorage)
        #expect(error?.underlyingCode == ENOENT)
    }

    @Test("No path, a URL and a NUL character are refused", arguments: ["", "file:objects", "FILE:///tmp/x", "a\0b"])
    func refused(path: String) {
        let error = #expect(throws: StoreError.self) { try DirectoryObjectStorage(root: path, bucket: "renders") }
        #expect(error?.code == .unsafePath)
    }

    @Test("A file in the root's place is refused", arguments: ["taken", "taken/", "pipe"])
    func notAFolder(name: String) throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path(of: "taken")))
        #expect(mkfifo(folder.path(of: "pipe"), 0o600) == 0)
        let error = #expect(throws: StoreError.self) {
            try DirectoryObjectStorage(root: folder.path(of: name), bucket: "renders")
        }
        #expect(error?.code == .unsafePath)
        #expect(error?.message.hasSuffix("is not a folder") == true)
    }

    @Test("A symbolic link in the root's place is refused, with slashes behind it too", arguments: ["link", "link//"])
    func link(name: String) throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path(of: "real"), withIntermediateDirectories: false)
        #expect(symlink(folder.path(of: "real"), folder.path(of: "link")) == 0)
        let error = #expect(throws: StoreError.self) {
            try DirectoryObjectStorage(root: folder.path(of: name), bucket: "renders")
        }
        #expect(error?.code == .unsafePath)
        #expect(error?.message.hasSuffix("is a symbolic link") == true)
    }

    @Test(
        "A bucket that is no safe folder name is refused",
        arguments: [
            "", ".", "..", ".incoming", "a/b", "a b", "a\\b", "é", "a\0", "a%2f", String(repeating: "a", count: 129),
        ])
    func bucket(name: String) throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: StoreError.self) {
            try DirectoryObjectStorage(root: folder.path(of: "objects"), bucket: name)
        }
        #expect(error?.code == .invalidInput)
        #expect(!FileManager.default.fileExists(atPath: folder.path(of: "objects")))
    }

    @Test("Every call that fails while the root is opened is reported, and opening again succeeds")
    func failingCalls() throws {
        for number in 1...100 {
            let folder = try TemporaryFolder()
            let script = CallScript()
            script.arm(.beforehand(at: number, code: EIO))
            do {
                _ = try DirectoryObjectStorage(
                    root: folder.path(of: "objects"), bucket: "renders", calls: script.fileSystemCalls
                ) { 1 }
                #expect(number == script.calls.count + 1 && number > 5)
                return
            } catch {
                #expect(error.code == .objectStorage && error.underlyingCode == EIO)
            }
            _ = try DirectoryObjectStorage(root: folder.path(of: "objects"), bucket: "renders")
        }
        Issue.record("opening never succeeded")
    }
}
