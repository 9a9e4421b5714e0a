internal import Foundation
internal import GRDBSQLite

/// A store that gives way to a backup. As long as this value lives, no other connection gets into its file.
struct ReplacedStore {
    private let path: StorePath
    private let owner: FileOwner
    private let options: StoreOptions
    private let progress: ProgressReporter
    private let connection: RawConnection
    /// Whether SQLite makes sense of it.
    private let isReadable: Bool

    /// - Throws: ``StoreError`` `busy` while another connection has it open, `readOnly` when it cannot be written.
    init(
        holding path: StorePath, owner: FileOwner, _ options: StoreOptions, _ progress: ProgressReporter
    ) throws(StoreError) {
        (self.path, self.owner, self.options, self.progress) = (path, owner, options, progress)
        do throws(StoreError) {
            if try Self.isReadable(path), let connection = try Self.hold(path, options) {
                (self.connection, isReadable) = (connection, true)
                return
            }
            let connection = try Self.open(path)
            try connection.lockFile(timeout: options.busyTimeout)
            (self.connection, isReadable) = (connection, false)
        } catch {
            guard error.code == .busy else { throw error }
            throw StoreError(
                .busy, "another program has the store \(path.text) open",
                hint: "Stop it first: what it writes from now on would be lost.", underlyingCode: error.underlyingCode)
        }
    }

    /// Looked up with a connection that cannot write: another one would carry the log of a damaged store into its file
    /// when it is closed.
    private static func isReadable(_ path: StorePath) throws(StoreError) -> Bool {
        // The journal of a program that died is played back before anything can be told.
        if StoreFile.hasJournal(path) { return true }
        do {
            return try UntouchedStore.read(path) { connection, _ in
                try !connection.rows("SELECT count(*) FROM sqlite_schema").isEmpty
            }
        } catch {
            let failure = error as? StoreError ?? .sqlite(SQLITE_ERROR, "\(error)")
            if isDamage(failure) { return false }
            throw failure
        }
    }

    /// - Returns: Nil when the file is damaged.
    private static func hold(_ path: StorePath, _ options: StoreOptions) throws(StoreError) -> RawConnection? {
        let connection = try open(path)
        sqlite3_busy_timeout(connection.pointer, Int32(clamping: options.busyTimeout.wholeMilliseconds))
        do {
            // In this mode the lock stays after the transaction.
            try connection.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK")
            return connection
        } catch {
            if isDamage(error) { return nil }
            throw error
        }
    }

    private static func open(_ path: StorePath) throws(StoreError) -> RawConnection {
        let connection = try RawConnection(path: path.text, flags: SQLITE_OPEN_READWRITE)
        guard !connection.isReadOnly else {
            throw StoreError(
                .readOnly, "the store \(path.text) cannot be written by this user",
                hint: "Run this as the store's owner.")
        }
        return connection
    }

    private static func isDamage(_ error: StoreError) -> Bool {
        [SQLITE_CORRUPT, SQLITE_NOTADB].contains((error.underlyingCode ?? 0) & 0xFF)
    }

    /// Copies it with its log, byte for byte.
    ///
    /// - Returns: Where it is kept.
    func keep() throws -> String {
        let kept = try StorePath("\(path.text).replaced-\(options.now().fileNameText)").firstFree()
        let calls = options.calls
        // The logs first: a main file that is there has the logs it needs.
        for (file, copy) in [
            (path.writeAheadLog, kept.writeAheadLog), (path.rollbackJournal, kept.rollbackJournal),
        ] {
            guard let log = try log(file) else { continue }
            try write(file, to: StorePath(copy), log.size) { count, offset in
                try calls.readAll(count, from: log.file, at: Int(offset))
            }
        }
        let size = try connection.byteCount()
        try write(path.text, to: kept, size) { count, offset in try connection.bytes(count, at: offset) }
        return kept.text
    }

    private func log(_ file: String) throws -> (file: OpenDescriptor, size: Int64)? {
        var status = stat()
        guard lstat(file, &status) == 0, status.st_size > 0 else { return nil }
        return try StoreError.naming("keep \(file)", as: .database) {
            let log = try options.calls.open(file, in: nil, O_RDONLY)
            return (log, try options.calls.status(of: log).byteCount)
        }
    }

    private func write(
        _ name: String, to copy: StorePath, _ size: Int64, _ read: (_ count: Int, _ offset: Int64) throws -> [UInt8]
    ) throws {
        let calls = options.calls
        let draft = try StoreDraft(for: copy, owner: owner, calls)
        defer { draft.discard() }
        try StoreError.naming("keep \(name)", as: .database) {
            let file = try calls.open(draft.path, in: nil, O_WRONLY)
            var offset: Int64 = 0
            while offset < size {
                let bytes = try read(calls.chunkLength, offset)
                guard !bytes.isEmpty else {
                    throw StoreError(
                        .database, "\(name) ends after \(offset) of \(size) bytes", hint: "Check the disk.")
                }
                try calls.writeAll(bytes, to: file, at: Int(offset))
                offset += Int64(bytes.count)
                progress.report(.copying, name, offset, of: size)
            }
        }
        try draft.publish(replacing: false, ownsLog: true)
    }

    /// Carries the log over into the main file, and removes it: it would be played into the restored store. What SQLite
    /// makes no sense of loses its log without that, and is kept with it. When the disk fails, nothing is removed.
    func emptyLog() throws(StoreError) {
        if isReadable {
            do throws(StoreError) {
                guard try connection.rows("PRAGMA journal_mode = DELETE").first == ["delete"] else {
                    throw StoreError(
                        .busy, "the log of \(path.text) cannot be emptied", hint: "Stop every program that has it open."
                    )
                }
            } catch {
                guard Self.isDamage(error) else { throw error }
            }
        }
        try StoreFile.removeLog(of: path, options.calls)
    }
}
