@testable import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

#if os(Linux)
    @Suite("Permissions of a directory storage")
    struct DirectoryStoragePermissionTests {
        @Test("Files are 0600 and folders 0700 whatever the umask", arguments: [0, 0o022, 0o077, 0o277] as [mode_t])
        func umasks(mask: mode_t) async throws {
            let folder = try TemporaryFolder()
            try await withUmask(mask) {
                let storage = try DirectoryObjectStorage(root: folder.path(of: "objects"), bucket: "renders")
                let sample = Sample("bytes")
                let path = try ObjectPath(bucket: "renders", key: ObjectKey("runs/r1/a.png"))
                try storage.store(sample.bytes, at: path, sha256: sample.sha256)
            }
            let root = folder.path(of: "objects")
            for name in ["", "/.incoming", "/renders", "/renders/runs", "/renders/runs/r1"] {
                #expect(try permissions(root + name) == 0o700, "\(name)")
            }
            #expect(try permissions("\(root)/renders/runs/r1/a.png") == 0o600)
        }

        private func permissions(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }

        /// Runs work on a thread with a umask of its own; the process's would change under every other test.
        private func withUmask(_ mask: mode_t, _ work: @escaping @Sendable () throws -> Void) async throws {
            typealias Unshare = @convention(c) (Int32) -> Int32
            let symbol = try #require(dlsym(nil, "unshare"))
            let cloneFS: Int32 = 0x200
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                nonisolated(unsafe) let symbol = symbol
                Thread {
                    continuation.resume(
                        with: Result {
                            // It needs no privilege: the thread merely stops sharing umask and working directory.
                            let result = unsafeBitCast(symbol, to: Unshare.self)(cloneFS)
                            guard result == 0 else { throw CocoaError(.featureUnsupported) }
                            umask(mask)
                            try work()
                        })
                }.start()
            }
        }
    }
#endif
