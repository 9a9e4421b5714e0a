import Foundation

/// Headers built by hand, field by field, with no pixel behind them.
enum ImageSamples {
    static let all: [(name: String, contentType: String, bytes: Data)] = [
        ("PNG", "image/png", png(640, 480)),
        ("JPEG", "image/jpeg", jpeg(640, 480)),
        ("JPEG with metadata", "image/jpeg", jpeg(640, 480, metadata: [300, 20])),
        ("GIF", "image/gif", gif(640, 480)),
        ("lossy WebP", "image/webp", webPLossy(640, 480)),
        ("lossless WebP", "image/webp", webPLossless(640, 480)),
        ("extended WebP", "image/webp", webPExtended(640, 480)),
        ("AVIF", "image/avif", avif(640, 480)),
        ("AVIF with wide ids", "image/avif", avif(640, 480, wide: true)),
    ]

    /// The checksum is worked out with a table here and bit by bit in the library, so neither can copy a mistake.
    static func png(_ width: UInt32, _ height: UInt32) -> Data {
        let signature = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        let chunk = Data("IHDR".utf8) + big(width) + big(height) + Data([8, 6, 0, 0, 0])
        return signature + big(UInt32(13)) + chunk + big(crc(chunk))
    }

    static func jpeg(_ width: UInt16, _ height: UInt16, metadata: [Int] = [], marker: UInt8 = 0xC0) -> Data {
        var bytes = Data([0xFF, 0xD8])
        for length in metadata {
            bytes += [0xFF, 0xEB] + big(UInt16(length + 2)) + Data(repeating: 0xFF, count: length)
        }
        let components: [UInt8] = [3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]
        bytes += [0xFF, marker] + big(UInt16(17)) + [8] + big(height) + big(width) + components
        return bytes
    }

    static func gif(_ width: UInt16, _ height: UInt16) -> Data {
        Data("GIF89a".utf8) + little(width) + little(height) + Data([0xF7, 0, 0])
    }

    static func webPLossy(_ width: UInt16, _ height: UInt16) -> Data {
        let frame = Data([0x10, 0, 0, 0x9D, 0x01, 0x2A])
        return riff("VP8 ", frame + little(width) + little(height))
    }

    static func webPLossless(_ width: UInt32, _ height: UInt32) -> Data {
        riff("VP8L", Data([0x2F]) + little((width - 1) | (height - 1) << 14))
    }

    static func webPExtended(_ width: UInt32, _ height: UInt32) -> Data {
        let flags = Data([0x10, 0, 0, 0])
        return riff("VP8X", flags + little(width - 1).prefix(3) + little(height - 1).prefix(3))
    }

    /// Item 1 is a thumbnail of 32 x 24 whose size comes first in the list; item 2 is the primary one.
    static func avif(_ width: UInt32, _ height: UInt32, brand: String = "avif", wide: Bool = false) -> Data {
        let version: UInt32 = wide ? 1 << 24 : 0
        func id(_ number: UInt16) -> Data { wide ? big(UInt32(number)) : big(number) }
        func index(_ number: UInt8) -> Data { wide ? big(UInt16(number)) : Data([number]) }
        let zero = big(UInt32(0))
        var list = box("ispe", zero + big(UInt32(32)) + big(UInt32(24)))
        list += box("pixi", zero + [3, 8, 8, 8])
        list += box("ispe", zero + big(width) + big(height))
        var associations = big(version | (wide ? 1 : 0)) + big(UInt32(2))
        associations += id(1) + [1] + index(1)
        associations += id(2) + [2] + index(2) + index(3)
        var meta = box("hdlr", Data(count: 24)) + box("pitm", big(version) + id(2))
        meta += box("iprp", box("ipco", list) + box("ipma", associations))
        return box("ftyp", Data(brand.utf8) + zero + Data("mif1\(brand)".utf8)) + box("meta", zero + meta)
    }

    static func box(_ type: String, _ payload: Data) -> Data {
        big(UInt32(payload.count + 8)) + Data(type.utf8) + payload
    }

    static func big(_ number: some FixedWidthInteger) -> Data {
        withUnsafeBytes(of: number.bigEndian) { Data($0) }
    }

    static func little(_ number: some FixedWidthInteger) -> Data {
        withUnsafeBytes(of: number.littleEndian) { Data($0) }
    }

    private static func riff(_ type: String, _ payload: Data) -> Data {
        Data("RIFF".utf8) + little(UInt32(payload.count + 12)) + Data("WEBP\(type)".utf8)
            + little(UInt32(payload.count)) + payload
    }

    private static func crc(_ bytes: Data) -> UInt32 {
        let table: [UInt32] = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        }
        return ~bytes.reduce(UInt32.max) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
}
