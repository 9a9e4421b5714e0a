internal import Crypto
internal import Foundation

/// The reading half.
extension DirectoryObjectStorage {
    func load(_ key: ObjectKey, at path: ObjectPath, expecting expected: ImageFacts) throws -> Data {
        let (file, byteCount) = try open(key, at: path, expecting: expected)
        let bytes = try read(file, byteCount: byteCount)
        guard bytes.count == byteCount else {
            throw Self.damaged(key, "ended after \(bytes.count) bytes, expected \(byteCount)")
        }
        if expected.sha256 != nil { try Self.check(SHA256Hex.of(bytes), of: key, expecting: expected) }
        return bytes
    }

    /// As `load`, a mebibyte at a time.
    func verify(_ key: ObjectKey, at path: ObjectPath, expecting expected: ImageFacts) throws {
        let (file, byteCount) = try open(key, at: path, expecting: expected)
        var hasher = SHA256()
        var position: Int64 = 0
        while position < byteCount {
            let wanted = Int(min(byteCount - position, 1 << 20))
            let bytes = try calls.readAll(wanted, from: file, at: Int(position))
            position += Int64(bytes.count)
            guard bytes.count == wanted else {
                throw Self.damaged(key, "ended after \(position) bytes, expected \(byteCount)")
            }
            bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        }
        try Self.check(SHA256Hex.text(hasher.finalize()), of: key, expecting: expected)
    }

    private func open(
        _ key: ObjectKey, at path: ObjectPath, expecting expected: ImageFacts
    ) throws -> (file: OpenDescriptor, byteCount: Int64) {
        guard let (file, byteCount) = try find(path) else { throw missing(key) }
        // Both bounds before any memory is taken: what lies there may not be what was stored.
        guard expected.byteCount == nil || expected.byteCount == byteCount else {
            throw Self.damaged(key, "has \(byteCount) bytes, expected \(expected.byteCount ?? 0)")
        }
        guard byteCount <= ImageFacts.maximumStoredByteCount else {
            throw StoreError(
                .objectStorage, "the object \(key) has \(byteCount) bytes",
                hint: "At most \(ImageFacts.maximumStoredByteCount) are read; something else put it there.")
        }
        return (file, byteCount)
    }

    /// The open file; nil when there is no such object. A folder is none.
    func find(_ path: ObjectPath) throws -> (file: OpenDescriptor, byteCount: Int64)? {
        guard let folder = try walk.openExisting(path.folders),
            case .file(let file, let byteCount) = try walk.openEntry(path.name, in: folder)
        else { return nil }
        return (file, byteCount)
    }

    /// At most `byteCount` bytes; fewer when the file ends before that.
    func read(_ file: OpenDescriptor, byteCount: Int64) throws -> Data {
        var bytes = Data(count: Int(byteCount))
        let count = try bytes.withUnsafeMutableBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[offset...])
                let count = try calls.read(rest, from: file, at: offset)
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

    private static func check(_ actual: String, of key: ObjectKey, expecting expected: ImageFacts) throws(StoreError) {
        guard let sha256 = expected.sha256, actual != sha256 else { return }
        throw damaged(key, "has SHA-256 \(actual), expected \(sha256)")
    }

    private static func damaged(_ key: ObjectKey, _ reason: String) -> StoreError {
        StoreError(
            .objectDamaged, "the object \(key) \(reason)",
            hint: "Restore it from a backup; the record of what it was is intact.")
    }
}
