internal import Foundation

/// The reading half.
extension DirectoryObjectStorage {
    func load(_ key: ObjectKey, at path: ObjectPath, expecting expected: ImageFacts) throws -> Data {
        guard let (file, byteCount) = try find(path) else { throw missing(key) }
        // Both bounds before any memory is taken: what lies there may not be what was stored.
        guard expected.byteCount == nil || expected.byteCount == byteCount else {
            throw StoreError.damaged(key, "has \(byteCount) bytes, expected \(expected.byteCount ?? 0)")
        }
        guard byteCount <= ImageFacts.maximumStoredByteCount else {
            throw StoreError(
                .objectStorage, "the object \(key) has \(byteCount) bytes",
                hint: "At most \(ImageFacts.maximumStoredByteCount) are read; something else put it there.")
        }
        let bytes = try read(file, byteCount: byteCount)
        guard bytes.count == byteCount else {
            throw StoreError.damaged(key, "ended after \(bytes.count) bytes, expected \(byteCount)")
        }
        if let sha256 = expected.sha256 {
            let actual = SHA256Hex.of(bytes)
            guard actual == sha256 else { throw StoreError.damaged(key, "has SHA-256 \(actual), expected \(sha256)") }
        }
        return bytes
    }

    /// The open file; nil when there is no such object. A folder is none.
    func find(_ path: ObjectPath) throws -> (file: OpenDescriptor, byteCount: Int64)? {
        guard let folder = try walk.openExisting(path.folders),
            case .file(let file, let byteCount) = try walk.openEntry(path.name, in: folder)
        else { return nil }
        return (file, byteCount)
    }

    /// At most `byteCount` bytes; fewer when the file ends before that.
    func read(_ file: OpenDescriptor, from start: Int64 = 0, byteCount: Int64) throws -> Data {
        var bytes = Data(count: Int(byteCount))
        let count = try bytes.withUnsafeMutableBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[offset...])
                let count = try calls.read(rest, from: file, at: Int(start) + offset)
                guard count > 0 else { break }
                offset += count
            }
            return offset
        }
        return bytes.prefix(count)
    }

    func missing(_ key: ObjectKey) -> StoreError {
        StoreError(
            .notFound, "there is no object \(key) in \(bucket)",
            hint: "It was deleted, or the store was opened with another object folder.")
    }
}
