internal import Foundation

/// Opens what lies below a root one name at a time, so that no symbolic link on the way is followed.
struct FolderWalk: Sendable {
    let calls: FileSystemCalls
    let root: OpenDescriptor

    /// What a name in a folder stands for.
    enum Entry {
        case nothing
        case folder
        case file(OpenDescriptor, byteCount: Int64)
    }

    /// The innermost of the folders; nil when one of them is missing, or is a file.
    func openExisting(_ names: [String], in start: OpenDescriptor? = nil) throws -> OpenDescriptor? {
        var folder = start ?? root
        for name in names {
            do {
                folder = try openFolder(name, in: folder)
            } catch let failure as SystemCallFailure where failure.code == ENOENT || failure.code == ENOTDIR {
                return nil
            }
        }
        return folder
    }

    /// The innermost of the folders, after making those that are missing. All their names survive a power cut.
    func openDurably(_ names: [String]) throws -> OpenDescriptor {
        try Self.againWhenGone { try openOnce(names) }
    }

    /// Repeats work on folders that a `delete` at the same time took away because they were empty.
    static func againWhenGone<Value>(_ work: () throws -> Value) throws -> Value {
        for _ in 1..<100 {
            do {
                return try work()
            } catch {
                guard (error as? SystemCallFailure)?.code == ENOENT else { throw error }
            }
        }
        return try work()
    }

    private func openOnce(_ names: [String]) throws -> OpenDescriptor {
        var folder = root
        for name in names {
            let inner = try openMaking(name, in: folder)
            // Found ones too: whoever made it may have crashed before its own sync, or not have come to it yet.
            try calls.sync(folder)
            folder = inner
        }
        return folder
    }

    /// Opens a folder, and makes it first if it is missing, for its owner alone whatever the umask.
    func openMaking(_ name: String, in folder: OpenDescriptor) throws -> OpenDescriptor {
        let isNew = try calls.makeDirectory(name, in: folder)
        let inner = try openFolder(name, in: folder)
        if isNew { try calls.setMode(0o700, of: inner) }
        return inner
    }

    /// Opens what has that name for reading, if it is a file.
    func openEntry(_ name: String, in folder: OpenDescriptor) throws -> Entry {
        let file: OpenDescriptor
        do {
            // Not blocking: opening a named pipe would otherwise wait for someone to write to it.
            file = try calls.open(name, in: folder, O_RDONLY | O_NONBLOCK)
        } catch  where error.code == ENOENT {
            return .nothing
        } catch {
            try refuseSymbolicLink(name, in: folder, after: error)
            throw error
        }
        let status = try calls.status(of: file)
        switch status.kind {
        case .regular: return .file(file, byteCount: status.byteCount)
        case .folder: return .folder
        case .symbolicLink, .other:
            throw StoreError(
                .objectStorage, "\(name) in the object folder is no regular file",
                hint: "Something else put it there; remove it.")
        }
    }

    private func openFolder(_ name: String, in folder: OpenDescriptor) throws -> OpenDescriptor {
        do {
            return try calls.open(name, in: folder, O_RDONLY | O_DIRECTORY)
        } catch {
            try refuseSymbolicLink(name, in: folder, after: error)
            throw error
        }
    }

    /// O_NOFOLLOW answers ELOOP, and together with O_DIRECTORY ENOTDIR, as for a file.
    private func refuseSymbolicLink(_ name: String, in folder: OpenDescriptor, after error: SystemCallFailure) throws {
        guard error.code == ELOOP || error.code == ENOTDIR else { return }
        guard try calls.status(of: name, in: folder).kind == .symbolicLink else { return }
        throw StoreError(
            .objectStorage, "\(name) in the object folder is a symbolic link, and none is ever followed",
            hint: "Something else put it there; replace it with what it points to.", underlyingCode: error.code)
    }
}
