internal import Foundation

extension DirectoryObjectStorage: ChunkReadingStorage {
    /// A whole object, a chunk at a time, from the file that the key named when the first one was asked for.
    public func chunks(
        of key: ObjectKey, expecting expected: ImageFacts, chunkByteCount: Int
    ) throws(StoreError) -> ObjectChunks {
        let path = try ObjectPath(bucket: bucket, key: key)
        let what = "read the object \(key)"
        return try ObjectChunks(of: key, expecting: expected, chunkByteCount: chunkByteCount) {
            let (file, byteCount) = try await BlockingWork.run {
                try StoreError.naming(what) {
                    guard let found = try find(path) else { throw missing(key) }
                    return found
                }
            }
            return ObjectChunks.Opened(byteCount: byteCount) { range in
                try await BlockingWork.run {
                    try StoreError.naming(what) {
                        let bytes = try read(
                            file, from: range.lowerBound, byteCount: range.upperBound - range.lowerBound)
                        guard bytes.count == range.count else {
                            throw StoreError.damaged(key, "ended while it was read")
                        }
                        return bytes
                    }
                }
            }
        }
    }
}
