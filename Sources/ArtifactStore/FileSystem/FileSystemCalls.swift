internal import Foundation

/// The system calls made on objects, and on store files as wholes. What SQLite does inside them goes its own way.
///
/// Every call but `close` passes through `intercept`, so a test can fail, shorten, record or refuse any of them.
struct FileSystemCalls: Sendable {
    /// Which call it is.
    enum Name: String, Sendable {
        case open, makeDirectory, list, status, write, read, truncate, sync, setMode, setOwner, link, rename, remove
    }

    typealias Outcome = Result<Int, SystemCallFailure>

    /// How many bytes one write hands to the kernel at most.
    var chunkLength = 1 << 20

    /// Where the names of drafts come from.
    var randomBits: @Sendable () -> UInt64 = { .random(in: .min ... .max) }

    /// Stands between a call and the kernel; `target` is the file or folder the call is about.
    var intercept: @Sendable (_ name: Name, _ target: String, _ perform: () -> Outcome) -> Outcome = { $2() }

    /// Opens `name` in a folder, or from the working directory when there is none. Never follows a symbolic link in
    /// the last part of the name.
    func open(_ name: String, in folder: OpenDescriptor?, _ flags: Int32) throws(SystemCallFailure) -> OpenDescriptor {
        let number = try call(.open, name, keeping: folder) {
            Int(openat(folder?.number ?? AT_FDCWD, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0o600))
        }
        return OpenDescriptor(Int32(number), name: name)
    }

    /// Makes a folder for its owner alone; `false` when something of that name is there already.
    func makeDirectory(_ name: String, in folder: OpenDescriptor?) throws(SystemCallFailure) -> Bool {
        do {
            _ = try call(.makeDirectory, name, keeping: folder) {
                Int(mkdirat(folder?.number ?? AT_FDCWD, name, 0o700))
            }
            return true
        } catch  where error.code == EEXIST {
            return false
        }
    }

    func status(of file: OpenDescriptor) throws(SystemCallFailure) -> FileStatus {
        var result = stat()
        _ = try call(.status, file.name, keeping: file) { Int(fstat(file.number, &result)) }
        return FileStatus(result)
    }

    /// What the name itself is: a symbolic link is reported, not followed.
    func status(of name: String, in folder: OpenDescriptor?) throws(SystemCallFailure) -> FileStatus {
        var result = stat()
        _ = try call(.status, name, keeping: folder) {
            Int(fstatat(folder?.number ?? AT_FDCWD, name, &result, AT_SYMLINK_NOFOLLOW))
        }
        return FileStatus(result)
    }

    /// How many of the bytes were written. The offset is explicit, so that repeating after a short write is exact.
    func write(
        _ bytes: UnsafeRawBufferPointer, to file: OpenDescriptor, at offset: Int
    ) throws(SystemCallFailure) -> Int {
        try call(.write, file.name, keeping: file) {
            pwrite(file.number, bytes.baseAddress, bytes.count, off_t(offset))
        }
    }

    /// How many bytes were read; 0 at the file's end.
    func read(
        _ buffer: UnsafeMutableRawBufferPointer, from file: OpenDescriptor, at offset: Int
    ) throws(SystemCallFailure) -> Int {
        try call(.read, file.name, keeping: file) {
            pread(file.number, buffer.baseAddress, buffer.count, off_t(offset))
        }
    }

    func truncate(_ file: OpenDescriptor, to byteCount: Int) throws(SystemCallFailure) {
        _ = try call(.truncate, file.name, keeping: file) { Int(ftruncate(file.number, off_t(byteCount))) }
    }

    func sync(_ file: OpenDescriptor) throws(SystemCallFailure) {
        _ = try call(.sync, file.name, keeping: file) { Int(fsync(file.number)) }
    }

    func setMode(_ mode: mode_t, of file: OpenDescriptor) throws(SystemCallFailure) {
        _ = try call(.setMode, file.name, keeping: file) { Int(fchmod(file.number, mode)) }
    }

    func setOwner(_ owner: FileOwner, of file: OpenDescriptor) throws(SystemCallFailure) {
        _ = try call(.setOwner, file.name, keeping: file) { Int(fchown(file.number, owner.user, owner.group)) }
    }

    /// Gives a file a second name; `false` when that name is taken. Of two callers, one gets `true`.
    func link(
        _ name: String, in folder: OpenDescriptor, to newName: String, in newFolder: OpenDescriptor
    ) throws(SystemCallFailure) -> Bool {
        defer { withExtendedLifetime(newFolder) {} }
        do {
            _ = try call(.link, newName, keeping: folder) {
                Int(linkat(folder.number, name, newFolder.number, newName, 0))
            }
            return true
        } catch  where error.code == EEXIST {
            return false
        }
    }

    /// The names in a folder, without `.` and `..`.
    func list(_ folder: OpenDescriptor) throws(SystemCallFailure) -> [String] {
        // A descriptor of its own: reading moves its position, and closedir closes it.
        let number = try call(.list, folder.name, keeping: folder) {
            Int(openat(folder.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0))
        }
        guard let stream = fdopendir(Int32(number)) else {
            let code = errno
            close(Int32(number))
            throw SystemCallFailure(name: .list, target: folder.name, code: code)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Gives a file another path on the same file system. What was there is replaced: nobody ever sees neither.
    func rename(_ path: String, to newPath: String) throws(SystemCallFailure) {
        _ = try call(.rename, newPath, keeping: nil) { Int(Foundation.rename(path, newPath)) }
    }

    /// - Parameter flags: `AT_REMOVEDIR` for an empty folder.
    func remove(_ name: String, from folder: OpenDescriptor?, flags: Int32 = 0) throws(SystemCallFailure) {
        _ = try call(.remove, name, keeping: folder) { Int(unlinkat(folder?.number ?? AT_FDCWD, name, flags)) }
    }

    private func call(
        _ name: Name, _ target: String, keeping descriptor: OpenDescriptor?, _ body: () -> Int
    ) throws(SystemCallFailure) -> Int {
        // Without this the descriptor could be closed between reading its number and the call.
        defer { withExtendedLifetime(descriptor) {} }
        while true {
            let outcome = intercept(name, target) {
                let result = body()
                return result >= 0
                    ? .success(result) : .failure(SystemCallFailure(name: name, target: target, code: errno))
            }
            if case .failure(let failure) = outcome, failure.code == EINTR { continue }
            return try outcome.get()
        }
    }
}
