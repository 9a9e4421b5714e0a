@testable import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Synchronization

/// A directory storage in a folder of its own.
struct StorageFixture: Sendable {
    let folder: TemporaryFolder
    let storage: DirectoryObjectStorage
    var root: String { folder.path(of: "objects") }
    var incoming: String { "\(root)/.incoming" }

    init(calls: FileSystemCalls = FileSystemCalls()) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        storage = try DirectoryObjectStorage(
            root: folder.path(of: "objects"), bucket: "renders", calls: calls
        ) { UInt64.random(in: .min ... .max) }
    }

    /// The same folder through calls that behave.
    func reopened() throws -> DirectoryObjectStorage {
        try DirectoryObjectStorage(root: root, bucket: "renders")
    }

    func path(_ key: String) -> String { "\(root)/renders/\(key)" }

    func leftovers() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: incoming)) ?? []
    }
}

/// Bytes, their digest and their facts.
struct Sample: Sendable {
    let bytes: Data
    let sha256: String
    var facts: ImageFacts { ImageFacts(byteCount: Int64(bytes.count), sha256: sha256) }

    init(_ text: String) {
        self.init(Data(text.utf8))
    }

    init(_ bytes: Data) {
        self.bytes = bytes
        sha256 = SHA256Hex.of(bytes)
    }
}

extension ObjectStorage {
    func put(_ sample: Sample, at key: String) async throws {
        try await put(sample.bytes, at: try ObjectKey(key), sha256: sample.sha256)
    }

    func get(_ key: String, expecting sample: Sample? = nil) async throws -> Data {
        try await get(try ObjectKey(key), expecting: sample?.facts ?? ImageFacts())
    }

    func head(_ key: String) async throws -> Int64? {
        try await head(try ObjectKey(key))
    }
}

/// Counts system calls and lets one of them, or all from one on, fail.
final class CallScript: Sendable {
    enum Fault: Sendable {
        /// Call number `at` fails before the kernel sees it.
        case beforehand(at: Int, code: Int32)
        /// Call number `at` does its work and reports failure all the same.
        case afterwards(at: Int, code: Int32)
        /// Nothing reaches the kernel any more from call number `at` on, as if the process had died.
        case crash(at: Int)
    }

    private struct State {
        var isRecording = false
        var calls: [String] = []
        var fault: Fault?
    }

    private let state = Mutex(State())

    var calls: [String] { state.withLock { $0.calls } }

    /// Counts from here on; opening the storage is over.
    func arm(_ fault: Fault? = nil) {
        state.withLock { $0 = State(isRecording: true, fault: fault) }
    }

    var fileSystemCalls: FileSystemCalls {
        var calls = FileSystemCalls()
        calls.chunkLength = 1_000
        calls.intercept = { name, target, perform in
            let (number, fault) = self.state.withLock { state in
                if state.isRecording { state.calls.append("\(name.rawValue) \(target)") }
                return (state.calls.count, state.isRecording ? state.fault : nil)
            }
            switch fault {
            case .beforehand(number, let code):
                return .failure(SystemCallFailure(name: name, target: target, code: code))
            case .afterwards(number, let code):
                _ = perform()
                return .failure(SystemCallFailure(name: name, target: target, code: code))
            case .crash(let first) where number >= first:
                return .failure(SystemCallFailure(name: name, target: target, code: EIO))
            default:
                return perform()
            }
        }
        return calls
    }
}

/// 1, 2, 3, …
final class CallCounter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
