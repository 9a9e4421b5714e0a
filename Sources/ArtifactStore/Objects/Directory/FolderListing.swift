internal import Foundation

/// Collects the files below a folder, from behind one of them on, until a page is full.
struct FolderListing {
    let walk: FolderWalk
    let limit: Int
    private(set) var objects: [ListedObject] = []

    init(walk: FolderWalk, limit: Int) {
        self.walk = walk
        self.limit = limit
    }

    var isFull: Bool { objects.count >= limit }

    /// - Parameter path: The key of everything in the folder begins so.
    /// - Parameter cursor: The names, from this folder on, of the file behind which to begin; nil for all of it.
    mutating func visit(_ folder: OpenDescriptor, below path: String, after cursor: ArraySlice<String>?) throws {
        let first = cursor?.first
        let names = try walk.calls.list(folder).filter { name in first.map { !Self.isBefore(name, $0) } ?? true }
        for name in names.sorted(by: Self.isBefore) {
            guard !isFull else { return }
            let isOnTheWay = first.map { name.utf8.elementsEqual($0.utf8) } ?? false
            let key = path + name
            // No key is longer, and a tree of foreign folders may be too deep to follow.
            guard key.utf8.count <= TextLimit.objectKey, let status = try status(of: name, in: folder) else { continue }
            switch status.kind {
            case .regular:
                if isOnTheWay { continue }
                objects.append(
                    ListedObject(key: key, byteCount: status.byteCount, modifiedAt: status.modifiedAt))
            case .folder:
                guard let inner = try walk.openExisting([name], in: folder) else { continue }
                let rest = isOnTheWay ? cursor?.dropFirst() : nil
                try visit(inner, below: key + "/", after: rest?.isEmpty == true ? nil : rest)
            case .symbolicLink, .other: continue
            }
        }
    }

    private static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Nil when it has just gone.
    private func status(of name: String, in folder: OpenDescriptor) throws -> FileStatus? {
        do {
            return try walk.calls.status(of: name, in: folder)
        } catch  where error.code == ENOENT {
            return nil
        }
    }
}
