/// Where an object lies below the root: names of folders, then the name of the file.
///
/// Made anew for every call, reading included: a key that came out of a database is checked like one that goes in.
struct ObjectPath: Sendable {
    /// NAME_MAX of every file system this package is tested on.
    static let maximumNameLength = 255

    let folders: [String]
    let name: String

    init(bucket: String, key: ObjectKey) throws(StoreError) {
        let checked = try ObjectKey(key.text)
        // Bytes, as the kernel sees them: a slash with a combining mark behind it is one Character, not "/".
        var names: [String] = []
        for segment in checked.text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            names.append(try Self.name(Array(segment)))
        }
        name = names.removeLast()
        folders = [bucket] + names
    }

    private static func name(_ segment: [UInt8]) throws(StoreError) -> String {
        let dot = UInt8(ascii: ".")
        guard !segment.isEmpty, segment != [dot], segment != [dot, dot], !segment.contains(0) else {
            throw .invalid(
                "objectKey", "has an empty or dot segment", hint: "Name every folder; . and .. are never resolved.")
        }
        guard segment.count <= maximumNameLength else {
            throw .invalid(
                "objectKey", "has a segment of \(segment.count) bytes",
                hint: "A file name holds \(maximumNameLength) bytes at most: shorten it or put a slash into it.")
        }
        return String(decoding: segment, as: UTF8.self)
    }

    /// - Throws: ``StoreError`` with code `invalidInput` unless it is 1 to 128 letters, digits, `-`, `_` and `.`, the
    ///   first of them no dot: the root keeps its own folders under names that begin with one.
    static func check(bucket: String) throws(StoreError) {
        let isSafe = bucket.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
        guard isSafe, (1...128).contains(bucket.utf8.count), bucket.utf8.first != UInt8(ascii: ".") else {
            throw .invalid(
                "bucket", "is no safe folder name",
                hint: "Give 1 to 128 letters, digits, -, _ or ., the first of them no dot.")
        }
    }
}
