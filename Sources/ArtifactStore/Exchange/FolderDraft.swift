internal import Foundation
internal import Synchronization

/// A folder that is made beside the name it will have, so that nobody ever sees half of it.
///
/// A crash leaves it behind under its own name.
struct FolderDraft: Sendable {
    /// Where it is made: `NAME.new-PROCESS-NUMBER`.
    let path: String
    let root: OpenDescriptor
    private let target: StorePath
    private let calls: FileSystemCalls

    private static let lastNumber = Atomic<Int>(0)

    /// Makes an empty folder for its owner alone, whatever the umask.
    ///
    /// - Throws: ``StoreError`` `conflict` when a folder of the draft's name is there, `database` when it cannot be
    ///   made.
    init(for target: StorePath, _ calls: FileSystemCalls) throws(StoreError) {
        let number = Self.lastNumber.add(1, ordering: .relaxed).newValue
        let path = "\(target.text).new-\(getpid())-\(number)"
        (self.path, self.target, self.calls) = (path, target, calls)
        root = try StoreError.naming("make \(path)", as: .database) {
            guard try calls.makeDirectory(path, in: nil) else {
                throw StoreError(
                    .conflict, "\(path) is there already", hint: "A process that died may have left it: remove it.")
            }
            do {
                let root = try calls.open(path, in: nil, O_RDONLY | O_DIRECTORY)
                try calls.setMode(0o700, of: root)
                return root
            } catch {
                try? calls.removeFolder(path, from: nil)
                throw error
            }
        }
    }

    /// Gives the draft its name, durably. Everything in it is synced already.
    ///
    /// - Throws: ``StoreError`` `conflict` when something has the name, `busy` or `database`.
    func publish() throws {
        let task = "give \(path) the name \(target.text)"
        try StoreError.naming(task, as: .database) { try calls.sync(root) }
        let folder = try FileLock(folder: target.folder)
        try folder.whileHeld(timeout: .seconds(5)) {
            // Renaming would replace an empty folder without a word.
            try target.refuseTaken()
            try StoreError.naming(task, as: .database) {
                let parent = try calls.open("\(target.folder)/.", in: nil, O_RDONLY | O_DIRECTORY)
                try calls.rename(path, to: target.text)
                try calls.sync(parent)
            }
        }
    }

    /// Removes what is left of it. A draft that was published has another name, and stays.
    func discard() {
        guard (try? calls.status(of: path, in: nil)) != nil else { return }
        empty(root, depth: 2)
        try? calls.removeFolder(path, from: nil)
    }

    private func empty(_ folder: OpenDescriptor, depth: Int) {
        for name in (try? calls.list(folder)) ?? [] {
            if depth > 0, let inner = try? calls.open(name, in: folder, O_RDONLY | O_DIRECTORY) {
                empty(inner, depth: depth - 1)
                try? calls.removeFolder(name, from: folder)
            } else {
                try? calls.remove(name, from: folder)
            }
        }
    }
}

extension StorePath {
    /// The path of a folder, which may be written with slashes at its end.
    ///
    /// - Throws: ``StoreError`` `unsafePath`.
    init(folder path: String) throws(StoreError) {
        let end = path.utf8.lastIndex { $0 != UInt8(ascii: "/") }
        try self.init(end.map { String(path[...$0]) } ?? path)
    }
}
