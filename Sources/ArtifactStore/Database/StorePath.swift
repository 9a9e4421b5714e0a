internal import Foundation

/// A path that may hold a store: absolute, with a plain last component.
///
/// SQLite treats path strings as code (measured: `""` and `file:x?mode=memory` open a throw-away database in which
/// every write "succeeds"), and follows symbolic links. Both end here.
struct StorePath: Sendable {
    /// The absolute path of the main database file. It starts with `/`, so SQLite never reads it as a URI.
    let text: String

    /// The folder that holds the file.
    let folder: String
    /// SQLite's write-ahead log.
    var writeAheadLog: String { text + "-wal" }
    /// The index of the write-ahead log, shared between processes.
    var writeAheadLogIndex: String { text + "-shm" }
    /// SQLite's rollback journal: not used by this package, and left behind by programs that died in another mode.
    var rollbackJournal: String { text + "-journal" }
    /// The advisory lock that all writers share.
    var lock: String { text + "-lock" }

    /// Checks the spelling only; ``inspect()`` looks at the file.
    ///
    /// - Throws: ``StoreError`` with code `unsafePath`.
    init(_ path: String) throws(StoreError) {
        func refuse(_ reason: String, _ hint: String) -> StoreError {
            StoreError(.unsafePath, "the database path \(reason)", hint: hint)
        }
        guard !path.isEmpty else { throw refuse("is empty", "Name the database file.") }
        guard !path.utf8.contains(0) else { throw refuse("holds a NUL character", "Remove it.") }
        guard !path.lowercased().hasPrefix("file:") else {
            throw refuse("is a URI: \(path)", "Give a plain file path; SQLite would read options from a URI.")
        }
        guard path != ":memory:" else {
            throw refuse("is :memory:", "Name a file; a store in memory would not survive its process.")
        }
        guard !path.hasSuffix("/") else { throw refuse("ends with a slash: \(path)", "Name the file, not its folder.") }
        let absolute = AbsolutePath.of(path)
        let end = absolute.utf8.lastIndex(of: UInt8(ascii: "/")) ?? absolute.startIndex
        let name = absolute[absolute.utf8.index(after: end)...]
        guard name != ".", name != ".." else { throw refuse("names no file: \(path)", "Name the file itself.") }
        text = absolute
        folder = end == absolute.startIndex ? "/" : String(absolute[..<end])
    }

    /// What stands at a path before anything is opened.
    enum Finding: Equatable {
        case missing
        /// A file of zero bytes: a store may be made of it, but only where one may be created.
        case empty
        /// A database that carries this package's application id.
        case store
    }

    /// Looks at the file without SQLite and without changing anything.
    ///
    /// - Throws: ``StoreError`` with code `unsafePath` for anything but a regular file with one link and without a
    ///   symbolic link as last component, and `notAnArtifactStore` for other content.
    func inspect() throws(StoreError) -> Finding {
        var status = stat()
        guard lstat(text, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR {
                guard access(folder, F_OK) == 0 else {
                    throw StoreError(
                        .unsafePath, "the folder \(folder) does not exist", hint: "Make it first, or mend the path.")
                }
                return .missing
            }
            throw StoreError(
                .unsafePath, "\(text) cannot be looked at: \(String(cString: strerror(errno)))",
                hint: "Check the permissions of its folders.", underlyingCode: errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFLNK: throw unsafe("is a symbolic link", "Name the file it leads to.")
        case S_IFDIR: throw unsafe("is a folder", "Name a file in it.")
        case S_IFIFO: throw unsafe("is a FIFO", "Name a regular file.")
        default: throw unsafe("is a device or socket", "Name a regular file.")
        }
        guard status.st_nlink == 1 else {
            throw unsafe("has \(status.st_nlink) hard links", "Under another name its log would be missed; copy it.")
        }
        if status.st_size == 0 { return .empty }
        try checkHeader()
        return .store
    }

    /// Refuses a name that anything has.
    ///
    /// - Throws: ``StoreError`` `conflict` then, `unsafePath` when it cannot be told.
    func refuseTaken() throws(StoreError) {
        guard try isTaken() else { return }
        throw StoreError(
            .conflict, "\(text) is there already",
            hint: "Nothing is overwritten: choose another name, or move it away.")
    }

    private func unsafe(_ reason: String, _ hint: String) -> StoreError {
        StoreError(.unsafePath, "\(text) \(reason)", hint: hint)
    }

    /// Magic at offset 0 and application id at offset 68 (SQLite file format, section 1.3).
    private func checkHeader() throws(StoreError) {
        let header = try StoreFile.header(at: self)
        guard header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw StoreError(
                .notAnArtifactStore, "\(text) is not a SQLite database", hint: "Name the store's database file.")
        }
        let applicationId = header[68..<72].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard applicationId == StoreFile.applicationId else {
            throw StoreError(
                .notAnArtifactStore, "\(text) is another application's database (application id \(applicationId))",
                hint: "Name the store's database file; nothing was changed in this one.")
        }
    }
}
