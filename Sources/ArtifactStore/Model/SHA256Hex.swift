internal import Crypto

/// SHA-256 digests as 64 lower-case hexadecimal digits, the one form in which they are stored and shown.
package enum SHA256Hex {
    package static func of(_ bytes: some Sequence<UInt8>) -> String {
        var hasher = SHA256()
        if bytes.withContiguousStorageIfAvailable({ hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            Array(bytes).withUnsafeBytes { hasher.update(bufferPointer: $0) }
        }
        return text(hasher.finalize())
    }

    static func text(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 64) { buffer in
            var index = 0
            for byte in digest {
                buffer[index] = digits[Int(byte >> 4)]
                buffer[index + 1] = digits[Int(byte & 15)]
                index += 2
            }
            return index
        }
    }

    package static func check(_ text: String, _ field: String) throws(StoreError) {
        let isHex = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard text.utf8.count == 64, isHex else {
            throw .invalid(
                field, "is not a SHA-256 digest", hint: "Give 64 lower-case hexadecimal digits.")
        }
    }
}
