internal import Foundation

/// The advisory lock that every writer of a store holds around its transaction and checkpoints, in every process.
///
/// SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when two connections checkpoint and write at the same moment
/// (sqlite.org/wal.html#walresetbug; fixed in 3.51.3, 3.50.7 and 3.44.6). One `flock` around all of it closes that
/// window. It is held with every version, because a process with an older SQLite may share the file.
final class FileLock: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Opens the store's lock file, making it (0600 whatever the umask) when it is missing. It belongs to whom the store
    /// belongs to, also when the superuser makes it: SQLite does the same for the files beside a database.
    init(of store: StorePath) throws(StoreError) {
        let path = store.lock
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(
                .readOnly, "the lock file \(path) cannot be opened: \(String(cString: strerror(errno)))",
                hint: "Writing needs a writable folder; open read-only to query.", underlyingCode: errno)
        }
        fchmod(descriptor, 0o600)
        var status = stat()
        if geteuid() == 0, lstat(store.text, &status) == 0 { fchown(descriptor, status.st_uid, status.st_gid) }
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

    /// Waits for the lock, at most `timeout`, or `longer` while its holder has left a note.
    ///
    /// - Throws: ``StoreError`` with code `busy`, saying how long it waited, and for what.
    func acquire(timeout: Duration, duringMaintenance longer: Duration? = nil) throws(StoreError) {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        let clock = ContinuousClock()
        let start = clock.now
        var pause: UInt32 = 50
        var limit = timeout
        while true {
            if clock.now - start >= limit {
                // Looked at only now: waits that last are rare, and a note may be left by a process that died.
                guard let longer, longer > limit, note() != nil else { break }
                limit = longer
            }
            usleep(pause)
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            pause = min(pause * 2, 2000)
        }
        throw StoreError(
            .busy, "the lock \(path) was not free within \(limit)\(note().map { ": " + $0 } ?? "")",
            hint: "Another process is writing; try again in a moment.")
    }

    func release() {
        flock(descriptor, LOCK_UN)
    }

    /// Runs `body` while holding the lock.
    func whileHeld<Result>(
        timeout: Duration, duringMaintenance longer: Duration? = nil, _ body: () throws -> Result
    ) throws -> Result {
        try acquire(timeout: timeout, duringMaintenance: longer)
        defer { release() }
        if longer != nil { clearNote() }
        return try body()
    }

    // MARK: - What takes long

    private static let longestNote = 1024

    /// Tells those who wait for the lock, while `body` runs, what its holder does. The caller holds the lock.
    func noting<Result>(_ task: String, _ options: StoreOptions, _ body: () throws -> Result) rethrows -> Result {
        leaveNote(task, options)
        defer { clearNote() }
        return try body()
    }

    func leaveNote(_ task: String, _ options: StoreOptions) {
        let note = Array("\(options.owner ?? processName) \(task) since \(options.now())".utf8)
        // It is for waiting alone: a full disk must not stop what it tells of.
        pwrite(descriptor, note, min(note.count, Self.longestNote), 0)
    }

    private func clearNote() {
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_size > 0 { ftruncate(descriptor, 0) }
    }

    private func note() -> String? {
        var bytes = [UInt8](repeating: 0, count: Self.longestNote)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
