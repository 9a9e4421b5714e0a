extension DirectoryObjectStorage {
    /// One page of the bucket's files, folder by folder in the order of the names' bytes.
    ///
    /// Symbolic links and what else is no regular file are left out, and names that are not UTF-8.
    public func list(after cursor: String?, limit: Int) async throws -> ObjectPage {
        try ObjectPage.check(limit: limit)
        return try await BlockingWork.run {
            try StoreError.naming("list the objects of \(bucket)") {
                var listing = FolderListing(walk: walk, limit: limit)
                guard let folder = try walk.openExisting([bucket]) else { return ObjectPage(objects: [], next: nil) }
                let names = cursor?.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
                try listing.visit(folder, below: "", after: names?[...])
                return ObjectPage(
                    objects: listing.objects, next: listing.isFull ? listing.objects.last?.key : nil)
            }
        }
    }
}
