internal import Foundation

/// The advisory lock that every writer of a store holds around its transaction and checkpoints, in every process.
///
/// SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when two connections checkpoint and write at the same moment
/// (sqlite.org/wal.html#walresetbug; fixed in 3.51.3, 3.50.7 and 3.44.6). One `flock` around all of it closes that
/// window. It is held with every version, because a process with an older SQLite may share the file.
final class FileLock: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Opens the lock file, making it (0600 whatever the umask) when it is missing.
    init(path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(
                .readOnly, "the lock file \(path) cannot be opened: \(String(cString: strerror(errno)))",
                hint: "Writing needs a writable folder; open read-only to query.", underlyingCode: errno)
        }
        fchmod(descriptor, 0o600)
        self.descriptor = descriptor
        self.path = path
    }

    /// Takes an existing folder as the lock: for the moment in which a name in it is looked up and given away.
    init(folder path: String) throws(StoreError) {
        let descriptor = open(path + "/.", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StoreError(
                .unsafePath, "the folder \(path) cannot be opened: \(String(cString: strerror(errno)))",
                hint: "Make it first, or mend the path.", underlyingCode: errno)
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// Waits for the lock, at most `timeout`.
    ///
    /// - Throws: ``StoreError`` with code `busy`, saying how long it waited.
    func acquire(timeout: Duration) throws(StoreError) {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        let clock = ContinuousClock()
        let start = clock.now
        var pause: UInt32 = 50
        while clock.now - start < timeout {
            usleep(pause)
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            pause = min(pause * 2, 2000)
        }
        throw StoreError(
            .busy, "the lock \(path) was not free within \(timeout)",
            hint: "Another process is writing; try again in a moment.")
    }

    func release() {
        flock(descriptor, LOCK_UN)
    }

    /// Runs `body` while holding the lock.
    func whileHeld<Result>(timeout: Duration, _ body: () throws -> Result) throws -> Result {
        try acquire(timeout: timeout)
        defer { release() }
        return try body()
    }
}
