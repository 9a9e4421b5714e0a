/// JPEG (ITU-T T.81): annex B.1.1 markers and segment lengths, B.2.2 the frame header (SOFn) with the size.
///
/// Exif, ICC and C2PA put kilobytes or megabytes of APPn segments before the frame header, so the 64 KiB bound of the
/// other formats would refuse good photographs. Those segments are skipped by their lengths and never read.
enum JPEGHeader {
    static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

    /// A segment holds at most 65,535 bytes, so this is enough for 256 MiB of metadata.
    static let maximumSegments = 4_096

    static func size(in bytes: HeaderBytes) throws(StoreError) -> HeaderSize {
        var offset = 2
        for _ in 0..<maximumSegments {
            guard try bytes.bigEndian(1, at: offset) == 0xFF else {
                throw .image(
                    "hold no JPEG marker at offset \(offset)", hint: "A segment before it has a wrong length.")
            }
            let marker = try bytes.bigEndian(1, at: offset + 1)
            switch marker {
            case 0xFF:
                // B.1.1.2: a marker may be preceded by any number of fill bytes.
                offset += 1
            case 0x01, 0xD0...0xD7:
                offset += 2
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                return try frameSize(in: bytes, at: offset + 2)
            case 0x00, 0xD8, 0xD9, 0xDA:
                throw .image(
                    "hold the JPEG marker ff \(String(marker, radix: 16)) before any frame header",
                    hint: "The size must come before the picture's data.")
            default:
                offset += 2 + (try segmentLength(in: bytes, at: offset + 2, atLeast: 2))
            }
        }
        throw .image(
            "hold no JPEG frame header in the first \(maximumSegments) segments", hint: "Remove some metadata.")
    }

    private static func frameSize(in bytes: HeaderBytes, at offset: Int) throws(StoreError) -> HeaderSize {
        let length = try segmentLength(in: bytes, at: offset, atLeast: 8)
        _ = try bytes.part(length, at: offset)
        // A height of 0 (B.2.5: it follows the first scan) is refused by the bounds: it would have to be decoded.
        return HeaderSize(
            width: try bytes.bigEndian(2, at: offset + 5), height: try bytes.bigEndian(2, at: offset + 3))
    }

    /// The length counts its own two bytes.
    private static func segmentLength(
        in bytes: HeaderBytes, at offset: Int, atLeast minimum: Int64
    ) throws(StoreError) -> Int {
        let length = try bytes.bigEndian(2, at: offset)
        guard length >= minimum else {
            throw .image(
                "hold a JPEG segment of \(length) bytes at offset \(offset)", hint: "It needs \(minimum) at least.")
        }
        return Int(length)
    }
}
