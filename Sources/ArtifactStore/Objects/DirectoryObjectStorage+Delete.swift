internal import Foundation

/// The removing half.
extension DirectoryObjectStorage {
    public func delete(_ key: ObjectKey) async throws {
        let path = try ObjectPath(bucket: bucket, key: key)
        try await BlockingWork.run {
            try StoreError.naming("delete the object \(key)") {
                guard try walk.openExisting([bucket]) != nil else {
                    throw StoreError(
                        .objectStorage, "there is no folder \(bucket) in the object folder",
                        hint: "Is it the right object folder? Nothing was ever stored in this one.")
                }
                guard let folder = try walk.openExisting(path.folders) else { return }
                try remove(path, from: folder)
            }
        }
    }

    /// Takes the name away, durably, and then the folders that it leaves empty.
    func remove(_ path: ObjectPath, from folder: OpenDescriptor) throws {
        let found: FileStatus.Kind
        do {
            found = try calls.status(of: path.name, in: folder).kind
        } catch  where error.code == ENOENT {
            // Whoever removed it may have crashed before its own sync.
            return try calls.sync(folder)
        }
        // A folder of other objects is none itself.
        guard found != .folder else { return }
        try removeIfThere(path.name, from: folder)
        try calls.sync(folder)
        removeEmptyFolders(of: path)
    }

    /// Somebody else may just have removed it.
    private func removeIfThere(_ name: String, from folder: OpenDescriptor) throws(SystemCallFailure) {
        do {
            try calls.remove(name, from: folder)
        } catch  where error.code == ENOENT {
            return
        }
    }

    /// From the innermost outwards, the bucket's own excepted. One that stays, or comes back after a power cut, costs a
    /// name and nothing else, so nothing here is an error.
    private func removeEmptyFolders(of path: ObjectPath) {
        var names = path.folders
        while names.count > 1 {
            let name = names.removeLast()
            guard let outer = try? walk.openExisting(names), (try? calls.removeFolder(name, from: outer)) != nil else {
                return
            }
        }
    }
}
