internal import Foundation

/// Opens the folder that holds all objects, once; everything later is reached from this descriptor.
enum RootFolder {
    static func open(_ path: String, _ calls: FileSystemCalls) throws(StoreError) -> OpenDescriptor {
        let path = try checked(path)
        return try StoreError.naming("open the object folder \(path)") {
            do {
                return try calls.open(path, in: nil, O_RDONLY | O_DIRECTORY)
            } catch let failure as SystemCallFailure where failure.code == ENOENT {
                return try make(path, calls)
            } catch let failure as SystemCallFailure where failure.code == ENOTDIR || failure.code == ELOOP {
                let isLink = try calls.status(of: path, in: nil).kind == .symbolicLink
                throw StoreError(
                    .unsafePath, "the object folder \(path) is \(isLink ? "a symbolic link" : "not a folder")",
                    hint: isLink ? "Give the folder it points to." : "Give a folder, or a name that is still free.",
                    underlyingCode: failure.code)
            }
        }
    }

    private static func make(_ path: String, _ calls: FileSystemCalls) throws -> OpenDescriptor {
        let isNew = try calls.makeDirectory(path, in: nil)
        let root = try calls.open(path, in: nil, O_RDONLY | O_DIRECTORY)
        if isNew { try calls.setMode(0o700, of: root) }
        // The new folder's own name must survive a power cut, or everything in it is lost with it.
        try calls.sync(calls.open("\(path)/..", in: nil, O_RDONLY | O_DIRECTORY))
        return root
    }

    /// The path without slashes at its end: behind one of those, the kernel would follow a symbolic link.
    private static func checked(_ path: String) throws(StoreError) -> String {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, !bytes.contains(0), bytes.count < PATH_MAX else {
            throw StoreError(
                .unsafePath, "the object folder's path is empty, too long, or holds a NUL character",
                hint: "Give the path of a folder.")
        }
        guard !path.lowercased().utf8.starts(with: "file:".utf8) else {
            throw StoreError(
                .unsafePath, "the object folder's path is a file: URL", hint: "Give a plain path, without file://.")
        }
        let end = bytes.lastIndex { $0 != UInt8(ascii: "/") } ?? 0
        return String(decoding: bytes[...end], as: UTF8.self)
    }
}
