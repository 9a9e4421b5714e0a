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
                    try confirm(byteCount, areAt: newPath.name, in: newFolder) { try areSame(file, $0, byteCount) }
                }
                try calls.sync(newFolder)
                try remove(path, from: folder)
            }
        }
    }

    /// Whether two files of as many bytes have the same ones: as one file, where an earlier call got this far, or compared
    /// a piece at a time.
    private func areSame(_ file: OpenDescriptor, _ other: OpenDescriptor, _ byteCount: Int64) throws -> Bool {
        if try calls.status(of: file).identity == calls.status(of: other).identity { return true }
        for start in stride(from: 0, to: byteCount, by: 8_388_608) {
            let count = min(byteCount - start, 8_388_608)
            let piece = try read(file, from: start, byteCount: count)
            guard piece.count == count, try read(other, from: start, byteCount: count) == piece else { return false }
        }
        return true
    }

    /// Nothing is under the old key: an earlier call may have got this far.
    private func expectMoved(_ key: ObjectKey, _ newPath: ObjectPath) throws {
        guard try find(newPath) != nil else { throw missing(key) }
    }
}
