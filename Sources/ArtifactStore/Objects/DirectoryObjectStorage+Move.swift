internal import Foundation

/// A second name first, then the first one taken away: the bytes always have one of them.
extension DirectoryObjectStorage {
    public func move(_ key: ObjectKey, to newKey: ObjectKey) async throws {
        let path = try ObjectPath(bucket: bucket, key: key)
        let newPath = try ObjectPath(bucket: bucket, key: newKey)
        try await BlockingWork.run {
            try StoreError.naming("move the object \(key) to \(newKey)") {
                guard key != newKey, let folder = try walk.openExisting(path.folders),
                    case .file(let file, let byteCount) = try walk.openEntry(path.name, in: folder)
                else { return try expectMoved(key, newPath) }
                let (newFolder, isNew) = try link(
                    path.name, in: folder, to: newPath, walk.openDurably(newPath.folders))
                if !isNew { try confirm(file, byteCount, isAt: newPath.name, in: newFolder) }
                try calls.sync(newFolder)
                try remove(path, from: folder)
            }
        }
    }

    /// The new name is taken: by the same file, where an earlier call got this far, or by one with the same bytes.
    private func confirm(
        _ file: OpenDescriptor, _ byteCount: Int64, isAt name: String, in folder: OpenDescriptor
    ) throws {
        guard case .file(let other, let otherCount) = try walk.openEntry(name, in: folder) else {
            throw StoreError(
                .objectStorage, "the key \(name) is the folder of other objects, or vanished", hint: "Repeat the call.")
        }
        if try calls.status(of: file).identity == calls.status(of: other).identity { return }
        var isSame = byteCount == otherCount
        var position: Int64 = 0
        while isSame, position < byteCount {
            let count = min(byteCount - position, 8_388_608)
            let bytes = try read(file, from: position, byteCount: count)
            isSame = try read(other, from: position, byteCount: count) == bytes && !bytes.isEmpty
            position += count
        }
        guard isSame else {
            throw StoreError(
                .objectExists, "the key \(name) already holds \(otherCount) other bytes",
                hint: "Objects are never overwritten: choose another key.")
        }
        try calls.sync(other)
    }

    /// Nothing is under the old key: an earlier call may have got this far.
    private func expectMoved(_ key: ObjectKey, _ newPath: ObjectPath) throws {
        guard try find(newPath) != nil else { throw missing(key) }
    }
}
