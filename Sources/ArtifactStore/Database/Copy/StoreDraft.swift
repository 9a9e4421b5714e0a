internal import Foundation
internal import Synchronization

/// A database that is made beside the name it will have, so that nobody ever sees half of it.
///
/// A crash leaves it behind under its own name, which no program opens.
struct StoreDraft {
    /// Where it is made: `NAME.new-PROCESS-NUMBER`.
    let path: String
    private let target: StorePath
    private let calls: FileSystemCalls

    private static let lastNumber = Atomic<Int>(0)

    /// Makes an empty file for its owner alone, whatever the umask.
    ///
    /// - Throws: ``StoreError`` `database` when the folder does not take it.
    init(for target: StorePath, _ calls: FileSystemCalls) throws(StoreError) {
        let number = Self.lastNumber.add(1, ordering: .relaxed).newValue
        let path = "\(target.text).new-\(getpid())-\(number)"
        (self.path, self.target, self.calls) = (path, target, calls)
        // A draft of that name is the rest of a dead process that had the same number.
        discard()
        try StoreError.naming("make \(path)", as: .database) {
            let file = try calls.open(path, in: nil, O_RDWR | O_CREAT | O_EXCL)
            try calls.setMode(0o600, of: file)
        }
    }

    /// Gives the draft its name, durably. No connection may be open on it: closing a descriptor would drop its locks.
    ///
    /// - Parameter replacing: Whether it takes the place of a file that has the name. Otherwise that is a conflict; two
    ///   processes that publish under one name at once take turns at the folder.
    /// - Throws: ``StoreError`` `conflict`, `busy` or `database`.
    func publish(replacing: Bool) throws {
        let task = "give \(path) the name \(target.text)"
        try StoreError.naming(task, as: .database) { try calls.sync(calls.open(path, in: nil, O_RDONLY)) }
        let folder = try FileLock(folder: target.folder)
        try folder.whileHeld(timeout: .seconds(5)) {
            if !replacing, try target.isTaken() {
                throw StoreError(
                    .conflict, "\(target.text) is there already",
                    hint: "Nothing is overwritten: choose another name, or move that file away.")
            }
            try StoreError.naming(task, as: .database) {
                try calls.rename(path, to: target.text)
                try calls.sync(calls.open("\(target.folder)/.", in: nil, O_RDONLY | O_DIRECTORY))
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

    /// The first free one of this name, this name with `-2` behind it, with `-3`, and so on.
    ///
    /// - Throws: ``StoreError`` `unsafePath`.
    func firstFree() throws(StoreError) -> StorePath {
        var (candidate, number) = (self, 2)
        while try candidate.isTaken() {
            candidate = try StorePath("\(text)-\(number)")
            number += 1
        }
        return candidate
    }
}
