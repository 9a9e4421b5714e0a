internal import Foundation

/// PNG, third edition (W3C, 2025): section 5.2 the signature, 5.3 chunks, 11.2.1 IHDR, which must come first.
enum PNGHeader {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    static func size(in bytes: HeaderBytes) throws(StoreError) -> HeaderSize {
        guard try bytes.bigEndian(4, at: 8) == 13, bytes.holds("IHDR", at: 12) else {
            throw .image(
                "hold no PNG header chunk behind the signature", hint: "An IHDR chunk of 13 bytes must come first.")
        }
        let declared = try bytes.bigEndian(4, at: 29)
        guard Int64(cyclicRedundancyCheck(try bytes.part(17, at: 12))) == declared else {
            throw .image("hold a PNG header chunk with a wrong CRC", hint: "The bytes were changed on their way.")
        }
        return HeaderSize(width: try bytes.bigEndian(4, at: 16), height: try bytes.bigEndian(4, at: 20))
    }

    /// Annex D of the same standard; bit by bit, because 17 bytes do not earn a table.
    private static func cyclicRedundancyCheck(_ bytes: Data) -> UInt32 {
        var check: UInt32 = .max
        for byte in bytes {
            check ^= UInt32(byte)
            for _ in 0..<8 {
                check = check & 1 == 1 ? 0xEDB8_8320 ^ (check >> 1) : check >> 1
            }
        }
        return ~check
    }
}
