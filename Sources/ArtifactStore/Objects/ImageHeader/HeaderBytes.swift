internal import Foundation

/// The bytes of a header, read at offsets that are always checked: no declared length can lead outside.
struct HeaderBytes {
    private let bytes: Data

    /// Offsets count from the first byte of `bytes`, which may be a slice.
    init(_ bytes: Data) {
        self.bytes = bytes
    }

    var count: Int { bytes.count }

    /// The first four bytes: enough to tell `<htm` from an image, too few to show what is in it.
    var firstBytesInHexadecimal: String {
        bytes.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }

    func starts(with signature: [UInt8]) -> Bool {
        bytes.starts(with: signature)
    }

    func holds(_ word: StaticString, at offset: Int) -> Bool {
        guard offset >= 0, count - offset >= word.utf8CodeUnitCount else { return false }
        return bytes.dropFirst(offset).starts(
            with: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    func bigEndian(_ length: Int, at offset: Int) throws(StoreError) -> Int64 {
        try part(length, at: offset).reduce(0) { $0 << 8 | Int64($1) }
    }

    func littleEndian(_ length: Int, at offset: Int) throws(StoreError) -> Int64 {
        try part(length, at: offset).reversed().reduce(0) { $0 << 8 | Int64($1) }
    }

    /// Four bytes as text, for messages; what is not a printable ASCII character becomes `?`.
    func fourCharacters(at offset: Int) throws(StoreError) -> String {
        let letters = try part(4, at: offset).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: letters, as: UTF8.self)
    }

    func part(_ length: Int, at offset: Int) throws(StoreError) -> Data {
        guard offset >= 0, length >= 0, offset <= count, count - offset >= length else {
            throw .image(
                "end, or hold no size, within the first \(count) bytes", hint: "Give the whole image, unshortened.")
        }
        return bytes.dropFirst(offset).prefix(length)
    }
}
