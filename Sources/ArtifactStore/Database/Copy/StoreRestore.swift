internal import Foundation
internal import GRDBSQLite

/// Puts a verified copy of a backup in the place of a store, and keeps what was there.
struct StoreRestore {
    let backup: StorePath
    let target: StorePath
    let history: MigrationHistory
    let options: StoreOptions
    let progress: ProgressReporter

    /// The name of the store is never without a file: what has it is the old store, whole, until the copy takes its
    /// place in one step.
    ///
    /// - Parameter replacing: Whether a store at the target gives way. Otherwise it is a conflict.
    /// - Throws: ``StoreError`` `notFound` without a backup; `conflict`; `busy` while another connection has the store
    ///   open; what is wrong with the backup, before the target is touched; `database`.
    func run(replacing: Bool) throws -> RestoreReport {
        guard backup.text != target.text else {
            throw StoreError(.conflict, "the backup is the store itself", hint: "Name the backup, then the store.")
        }
        guard try backup.inspect() == .store else {
            throw StoreError(.notFound, "there is no backup at \(backup.text)", hint: "Mend the path.")
        }
        if try target.inspect() == .store, !replacing { throw taken() }
        let lock = try FileLock(path: target.lock)
        return try lock.whileHeld(timeout: options.busyTimeout) {
            // Again under the lock: somebody may have made a store meanwhile.
            let isThere = try target.inspect() == .store
            if isThere, !replacing { throw taken() }
            if !isThere { try StoreFile.removeEmptyLog(of: target, options.calls) }
            let draft = try StoreDraft(for: target, options.calls)
            defer { draft.discard() }
            let contents = try StoreCopy(source: backup, history: history, progress: progress).write(to: draft.path)
            let kept = isThere ? try retire() : nil
            try draft.publish(replacing: true)
            return RestoreReport(kept: kept, contents)
        }
    }

    private func taken() -> StoreError {
        StoreError(
            .conflict, "there is a store at \(target.text)",
            hint: "--replace (in Swift: replacing) puts the backup in its place, and keeps the old one beside it.")
    }

    /// Keeps a copy of the store that is about to give way, byte for byte, and removes its log: the log of the old
    /// database would be played into the new one.
    ///
    /// - Returns: Where the old store is kept.
    private func retire() throws -> String {
        try closeLog()
        let time = options.now().description.filter { $0 != "-" && $0 != ":" && $0 != "." }
        let kept = try StorePath("\(target.text).replaced-\(time)").firstFree()
        // The logs first: a main file that is there has the logs it needs.
        let files = [
            (target.writeAheadLog, kept.writeAheadLog), (target.rollbackJournal, kept.rollbackJournal),
            (target.text, kept.text),
        ]
        for (from, to) in files {
            var status = stat()
            guard lstat(from, &status) == 0, status.st_size > 0 else { continue }
            let draft = try StoreDraft(for: StorePath(to), options.calls)
            defer { draft.discard() }
            try copy(from, draft.path)
            try draft.publish(replacing: false)
        }
        try StoreFile.removeLog(of: target, options.calls)
        return kept.text
    }

    /// Carries the log over into the main file, which only a lone connection can do. What is too damaged for that is
    /// kept with its logs as it is. When the disk fails instead, nothing goes on: the old store needs the journal that
    /// may be left then, and the restored one would be played into.
    private func closeLog() throws(StoreError) {
        do throws(StoreError) {
            let old = try RawConnection(path: target.text, flags: SQLITE_OPEN_READWRITE)
            sqlite3_busy_timeout(old.pointer, Int32(clamping: options.busyTimeout.wholeMilliseconds))
            guard try old.rows("PRAGMA journal_mode = DELETE").first == ["delete"] else { throw inUse() }
        } catch {
            if error.code == .busy { throw inUse() }
            guard [SQLITE_CORRUPT, SQLITE_NOTADB].contains((error.underlyingCode ?? 0) & 0xFF) else { throw error }
        }
    }

    private func inUse() -> StoreError {
        StoreError(
            .busy, "another program has the store \(target.text) open",
            hint: "Stop it first: what it writes from now on would be lost.")
    }

    /// No connection is open on the file: closing its descriptor drops no locks.
    private func copy(_ path: String, _ newPath: String) throws(StoreError) {
        try StoreError.naming("keep \(path)", as: .database) {
            let calls = options.calls
            let file = try calls.open(path, in: nil, O_RDONLY)
            let copy = try calls.open(newPath, in: nil, O_WRONLY)
            let total = try calls.status(of: file).byteCount
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: calls.chunkLength, alignment: 16)
            defer { buffer.deallocate() }
            var offset = 0
            while true {
                let count = try calls.read(buffer, from: file, at: offset)
                guard count > 0 else { break }
                try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: copy, at: offset)
                offset += count
                progress.report(.copying, path, Int64(offset), of: total)
            }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to file: OpenDescriptor, at offset: Int) throws {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            written += try options.calls.write(rest, to: file, at: offset + written)
        }
    }
}

/// A store that was put in place from a backup.
public struct RestoreReport: Sendable {
    /// The schema version of the restored store. When it is older than this program's, migrate it, or use the program
    /// that wrote it.
    public let schemaVersion: Int
    /// How many rows each table has, by name.
    public let tables: [(name: String, rows: Int64)]
    /// Where the store that gave way is kept; nil when there was none.
    public let kept: String?

    init(kept: String?, _ contents: StoreCopy.Contents) {
        self.kept = kept
        schemaVersion = contents.version
        tables = contents.rows.sorted { $0.key < $1.key }.map { (name: $0.key, rows: $0.value) }
    }
}
