internal import Foundation

/// A database that is made beside the name it will have, so that nobody ever sees half of it.
///
/// A crash leaves it behind under its own name, which no program opens.
struct StoreDraft {
    /// Where it is made: `NAME.new-` and 16 random hexadecimal digits.
    let path: String
    private let identity: FileIdentity
    private let target: StorePath
    private let calls: FileSystemCalls

    /// How long publishing waits for others that publish in the same folder. They take milliseconds; a copy took longer.
    private static let folderTimeout = Duration.seconds(60)

    /// Makes an empty file for its owner alone, whatever the umask.
    ///
    /// - Parameter owner: Whose it will be, where this process may give files away; nil leaves it this process's.
    /// - Throws: ``StoreError`` `database` when the folder does not take it.
    init(for target: StorePath, owner: FileOwner? = nil, _ calls: FileSystemCalls) throws(StoreError) {
        let path = calls.draftPath(beside: target.text)
        (self.path, self.target, self.calls) = (path, target, calls)
        identity = try StoreError.naming("make \(path)", as: .database) {
            let file = try calls.open(path, in: nil, O_RDWR | O_CREAT | O_EXCL)
            do {
                try calls.setMode(0o600, of: file)
                if let owner, geteuid() == 0 { try calls.setOwner(owner, of: file) }
                return try calls.status(of: file).identity
            } catch {
                try? calls.remove(path, from: nil)
                throw error
            }
        }
    }

    /// Gives the draft its name, durably. No connection may be open on it: closing a descriptor would drop its locks.
    ///
    /// - Parameter replacing: Whether it takes the place of a file that has the name. Otherwise that is a conflict; two
    ///   processes that publish under one name at once take turns at the folder.
    /// - Parameter ownsLog: Whether a log that is there belongs to it.
    /// - Throws: ``StoreError`` `conflict`; `unsafePath` beside a log that would be played into it; `busy`; `database`;
    ///   `outcomeUnknown` when it has its name, and only the sync that makes the name durable failed.
    func publish(replacing: Bool, ownsLog: Bool = false) throws {
        let task = "give \(path) the name \(target.text)"
        try StoreError.naming(task, as: .database) {
            let file = try calls.open(path, in: nil, O_RDONLY)
            guard try calls.status(of: file).identity == identity else {
                throw StoreError(
                    .conflict, "\(path) is not the file that was made under that name",
                    hint: "Somebody else put it there: look at it, and repeat the call.")
            }
            try calls.sync(file)
        }
        let folder = try FileLock(folder: target.folder)
        try folder.whileHeld(timeout: Self.folderTimeout) {
            if !replacing {
                try target.refuseTaken()
                if !ownsLog { try StoreFile.requireNoLog(of: target) }
            }
            try StoreError.naming(task, as: .database) { try calls.rename(path, to: target.text) }
            do {
                try calls.sync(calls.open("\(target.folder)/.", in: nil, O_RDONLY | O_DIRECTORY))
            } catch let failure as SystemCallFailure {
                let cause = failure.storeError("sync the folder of \(target.text)", .outcomeUnknown)
                throw StoreError(
                    .outcomeUnknown,
                    "\(target.text) is there and whole, but a power cut may undo that: \(cause.message)",
                    hint: cause.hint, underlyingCode: cause.underlyingCode)
            }
        }
    }

    /// Removes what is left of it; after publishing, nothing is.
    func discard() {
        for suffix in ["", "-wal", "-shm", "-journal"] { try? calls.remove(path + suffix, from: nil) }
    }
}

extension StorePath {
    /// Whether anything has the name, be it a link that leads nowhere.
    ///
    /// - Throws: ``StoreError`` `unsafePath` when that cannot be told.
    func isTaken() throws(StoreError) -> Bool {
        var status = stat()
        if lstat(text, &status) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else {
            throw StoreError(
                .unsafePath, "\(text) cannot be looked at: \(String(cString: strerror(errno)))",
                hint: "Check the permissions of its folders.", underlyingCode: errno)
        }
        return false
    }

    /// The first of this name, this name with `-2` behind it, with `-3`, and so on, that neither a file has nor a log
    /// that would be played into one.
    ///
    /// - Throws: ``StoreError`` `unsafePath`.
    func firstFree() throws(StoreError) -> StorePath {
        var (candidate, number) = (self, 2)
        while try !candidate.isFree() {
            candidate = try StorePath("\(text)-\(number)")
            number += 1
        }
        return candidate
    }

    private func isFree() throws(StoreError) -> Bool {
        for name in [text, writeAheadLog, rollbackJournal] where try StorePath(name).isTaken() { return false }
        return true
    }
}
