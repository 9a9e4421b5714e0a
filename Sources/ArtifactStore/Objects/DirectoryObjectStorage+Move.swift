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
                if !isNew {
                    try confirm(try read(file, byteCount: byteCount), areAt: newPath.name, in: newFolder)
                }
                try calls.sync(newFolder)
                try remove(path, from: folder)
            }
        }
    }

    /// Nothing is under the old key: an earlier call may have got this far.
    private func expectMoved(_ key: ObjectKey, _ newPath: ObjectPath) throws {
        guard try find(newPath) != nil else { throw missing(key) }
    }
}
