import ArtifactStoreTesting
import FaultVFS
import Foundation
import GRDBSQLite
import Synchronization

@testable import ArtifactStore

/// A folder whose every file-system call is counted, recorded, and failed where a test says so: SQLite's calls through
/// a VFS of its own, the library's through `FileSystemCalls`.
final class FaultyDisk: Sendable {
    enum Failure: Sendable {
        /// This one call answers an input/output error.
        case once(Int)
        /// From this call on the disk is full: nothing can be written, made or synced. It can still be read.
        case full(from: Int)
    }

    private struct State {
        var count = 0
        var changing: [Int] = []
        var failure: Failure?
        var failed: [String] = []
        var changes: DiskChanges
        let forgetsSyncs: Bool
    }

    let folder: TemporaryFolder
    private let state: Mutex<State>

    /// - Parameters:
    ///   - files: What is in the folder at the start.
    ///   - forgetsSyncs: Whether it is a disk that lies about syncing, as one does to a program that forgets to sync.
    init(_ files: [String: [UInt8]], failing failure: Failure? = nil, forgetsSyncs: Bool = false) throws {
        folder = try TemporaryFolder()
        for (name, bytes) in files { try Data(bytes).write(to: URL(fileURLWithPath: folder.path(of: name))) }
        state = Mutex(State(failure: failure, changes: DiskChanges(start: files), forgetsSyncs: forgetsSyncs))
        try Self.watch(self)
    }

    deinit {
        Self.watched.withLock { $0[folder.path] = nil }
    }

    func path(of name: String) -> String { folder.path(of: name) }

    /// How many calls there were.
    var count: Int { state.withLock { $0.count } }
    /// The numbers of those that change something on the disk.
    var changing: [Int] { state.withLock { $0.changing } }
    /// Which calls were failed.
    var failed: [String] { state.withLock { $0.failed } }
    var changes: DiskChanges { state.withLock { $0.changes } }

    /// From now on every call goes to the kernel.
    func heal() {
        state.withLock { $0.failure = nil }
    }

    /// The library's calls, on this disk.
    var calls: FileSystemCalls {
        var calls = FileSystemCalls()
        calls.intercept = { [self] name, target, perform in
            guard let file = self.name(of: target) else { return perform() }
            let changes = ![.status, .read, .list, .open].contains(name) || !exists(file)
            if let code = failure(of: "\(name) \(file)", changes: changes) {
                return .failure(SystemCallFailure(name: name, target: target, code: code))
            }
            // The disk that syncs are for is the recorded one; the real one would take most of the time.
            let outcome = name == .sync ? .success(0) : perform()
            if case .success = outcome { record(name, file) }
            return outcome
        }
        return calls
    }

    private func name(of path: String) -> String? {
        path.hasPrefix(folder.path + "/") ? String(path.dropFirst(folder.path.utf8.count + 1)) : nil
    }

    private func exists(_ file: String) -> Bool {
        access(path(of: file), F_OK) == 0
    }

    /// The `errno` to answer with; nil when the call may go to the kernel.
    private func failure(of call: String, changes: Bool) -> Int32? {
        state.withLock { state in
            state.count += 1
            if changes { state.changing.append(state.count) }
            let code: Int32? =
                switch state.failure {
                case .once(state.count): EIO
                case .full(let first) where changes && state.count >= first: ENOSPC
                default: nil
                }
            if code != nil { state.failed.append(call) }
            return code
        }
    }

    private func record(_ name: FileSystemCalls.Name, _ file: String) {
        state.withLock { state in
            let known = state.changes.names
            switch name {
            case .open where !known.contains(file) && exists(file) && file != ".":
                state.changes.append(.create(file))
            case .write:
                // No connection is open on a file that is written so: reading it drops no locks.
                let bytes = FileManager.default.contents(atPath: path(of: file)).map { [UInt8]($0) } ?? []
                state.changes.append(.write(file, at: 0, bytes))
            case .sync where !state.forgetsSyncs:
                state.changes.append(file == "." ? .syncFolder : .sync(file))
            case .remove where known.contains(file):
                state.changes.append(.remove(file))
            case .rename:
                if let source = known.first(where: { $0 != file && !exists($0) }) {
                    state.changes.append(.rename(source, to: file))
                }
            default:
                break
            }
        }
    }
}

// MARK: - SQLite's calls

extension FaultyDisk {
    private struct Reference: Sendable {
        weak let disk: FaultyDisk?
    }

    private static let watched = Mutex<[String: Reference]>([:])
    private static let installed = fault_vfs_install { event in
        guard let event = event?.pointee, let path = event.path else { return SQLITE_OK }
        return FaultyDisk.asked(event, String(cString: path))
    }

    private static func watch(_ disk: FaultyDisk) throws {
        struct NoVFS: Error { let code: Int32 }
        guard installed == SQLITE_OK else { throw NoVFS(code: installed) }
        watched.withLock { $0[disk.folder.path] = Reference(disk: disk) }
    }

    private static func asked(_ event: fault_event, _ path: String) -> Int32 {
        let folder = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
        guard let disk = watched.withLock({ $0[String(folder)]?.disk }) else { return SQLITE_OK }
        return disk.asked(event, path)
    }

    private func asked(_ event: fault_event, _ path: String) -> Int32 {
        guard let file = name(of: path) else { return SQLITE_OK }
        let isNew = !state.withLock { $0.changes.names.contains(file) }
        let (what, changes): (String, Bool) =
            switch event.operation {
            case FAULT_OPEN: ("open", event.creates != 0 && isNew)
            case FAULT_READ: ("read", false)
            case FAULT_WRITE: ("write", true)
            case FAULT_TRUNCATE: ("truncate", true)
            case FAULT_SYNC: ("sync", true)
            case FAULT_SIZE: ("size", false)
            case FAULT_MAP_INDEX: ("map", false)
            case FAULT_ACCESS: ("access", false)
            default: ("delete", false)
            }
        if let code = failure(of: "\(what) \(file)", changes: changes) {
            return Self.resultCode(of: event.operation, code)
        }
        let offset = Int(event.offset)
        state.withLock { state in
            switch event.operation {
            case FAULT_OPEN where changes: state.changes.append(.create(file))
            case FAULT_WRITE:
                let bytes = [UInt8](UnsafeRawBufferPointer(start: event.bytes, count: Int(event.count)))
                state.changes.append(.write(file, at: offset, bytes))
            case FAULT_TRUNCATE: state.changes.append(.truncate(file, to: offset))
            case FAULT_SYNC where !state.forgetsSyncs: state.changes.append(.sync(file))
            case FAULT_DELETE where !isNew:
                state.changes.append(.remove(file))
                if event.count != 0 { state.changes.append(.syncFolder) }
            default: break
            }
        }
        return event.operation == FAULT_SYNC ? Int32(FAULT_DONE) : SQLITE_OK
    }

    private static func resultCode(of operation: fault_operation, _ code: Int32) -> Int32 {
        if operation == FAULT_OPEN { return SQLITE_CANTOPEN }
        if code == ENOSPC, operation == FAULT_WRITE { return SQLITE_FULL }
        let detail: Int32 =
            switch operation {
            case FAULT_READ: 1
            case FAULT_WRITE: 3
            case FAULT_SYNC: 4
            case FAULT_TRUNCATE: 6
            case FAULT_SIZE: 7
            case FAULT_DELETE: 10
            case FAULT_ACCESS: 13
            default: 21
            }
        return SQLITE_IOERR | detail << 8
    }
}
