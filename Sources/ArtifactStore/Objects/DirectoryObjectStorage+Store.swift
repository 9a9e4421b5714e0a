internal import Foundation

/// The writing half. Order of effects: bytes, sync, name, sync of the folder; an error or a crash between any two of
/// them leaves the key either without an object or with the whole of it.
extension DirectoryObjectStorage {
    static let incomingFolder = ".incoming"

    func store(_ bytes: Data, at path: ObjectPath, sha256: String) throws {
        try ImageFacts.checkStorable(bytes, sha256: sha256)
        let folder = try walk.openDurably(path.folders)
        let incoming = try walk.openMaking(Self.incomingFolder, in: walk.root)
        let name = temporaryName()
        let file = try calls.open(name, in: incoming, O_WRONLY | O_CREAT | O_EXCL)
        // After a failure here the file is only a leftover under no key, and the first error is the one to report.
        defer { try? calls.remove(name, from: incoming) }
        try calls.setMode(0o600, of: file)
        try write(bytes, to: file)
        try calls.sync(file)
        let written = try calls.status(of: file).byteCount
        guard written == bytes.count else {
            throw StoreError(
                .objectStorage, "the file system kept \(written) bytes of \(bytes.count)",
                hint: "Check the file system before repeating the call.")
        }
        let (found, isNew) = try link(name, in: incoming, to: path, folder)
        if !isNew { try confirm(Int64(bytes.count), areAt: path.name, in: found) { try holds($0, bytes) } }
        // Not undone when this fails: another caller with the same bytes may already have relied on the object.
        try calls.sync(found)
    }

    /// Gives a file its key. Its folders are made again when a `delete` at the same time has taken the empty ones away.
    ///
    /// - Parameter folder: The innermost folder, opened durably.
    /// - Returns: The innermost folder, and whether the key was free.
    func link(
        _ name: String, in source: OpenDescriptor, to path: ObjectPath, _ folder: OpenDescriptor
    ) throws -> (folder: OpenDescriptor, isNew: Bool) {
        var opened: OpenDescriptor? = folder
        return try FolderWalk.againWhenGone {
            let folder = try opened ?? walk.openDurably(path.folders)
            opened = nil
            return (folder, try calls.link(name, in: source, to: path.name, in: folder))
        }
    }

    private func write(_ bytes: Data, to file: OpenDescriptor) throws {
        try bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let end = min(offset + calls.chunkLength, buffer.count)
                let count = try calls.write(
                    UnsafeRawBufferPointer(rebasing: buffer[offset..<end]), to: file, at: offset)
                guard count > 0 else {
                    throw StoreError(
                        .objectStorage, "the file system took no more bytes after \(offset)",
                        hint: "Check its free space before repeating the call.")
                }
                offset += count
            }
        }
    }

    /// The name is taken. With the same bytes that is a success, and then it must be a durable one.
    ///
    /// - Parameter isSame: Whether a file of as many bytes has the same ones.
    func confirm(
        _ expectedCount: Int64, areAt name: String, in folder: OpenDescriptor,
        _ isSame: (OpenDescriptor) throws -> Bool
    ) throws {
        switch try walk.openEntry(name, in: folder) {
        case .file(let file, let byteCount):
            guard byteCount == expectedCount, try isSame(file) else {
                throw StoreError(
                    .objectExists, "the key \(name) already holds \(byteCount) other bytes",
                    hint: "Objects are never overwritten: choose another key.")
            }
            try calls.sync(file)
        case .folder:
            throw StoreError(
                .objectStorage, "the key \(name) is the folder of other objects",
                hint: "One name cannot be both an object and the folder of others: choose another key.")
        case .nothing:
            throw StoreError(
                .objectStorage, "the object \(name) vanished while it was compared", hint: "Repeat the call.")
        }
    }

    /// Compared a piece at a time, so that memory does not hold the object twice.
    private func holds(_ file: OpenDescriptor, _ bytes: Data) throws -> Bool {
        for start in stride(from: 0, to: bytes.count, by: 8_388_608) {
            let piece = bytes.dropFirst(start).prefix(8_388_608)
            guard try read(file, from: Int64(start), byteCount: Int64(piece.count)) == piece else { return false }
        }
        return true
    }

    /// 128 random bits: two processes never meet, and nobody can guess a name to put something there first.
    private func temporaryName() -> String {
        [randomBits(), randomBits()].map { String($0, radix: 16) }.joined(separator: "-")
    }
}
