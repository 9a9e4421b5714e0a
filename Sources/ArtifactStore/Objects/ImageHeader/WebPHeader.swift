/// WebP (RFC 9649): section 2.5 the lossy chunk (its frame header is RFC 6386, section 9.1), 2.6 the lossless chunk
/// (its header is section 3.4), 2.7 the extended chunk with the canvas.
enum WebPHeader {
    static func size(in bytes: HeaderBytes) throws(StoreError) -> HeaderSize {
        let chunk = try bytes.fourCharacters(at: 12)
        let length = try bytes.littleEndian(4, at: 16)
        switch chunk {
        case "VP8 ":
            try require(length >= 10, chunk, length)
            return try lossy(bytes)
        case "VP8L":
            try require(length >= 5, chunk, length)
            return try lossless(bytes)
        case "VP8X":
            try require(length >= 10, chunk, length)
            _ = try bytes.part(10, at: 20)
            return HeaderSize(
                width: 1 + (try bytes.littleEndian(3, at: 24)), height: 1 + (try bytes.littleEndian(3, at: 27)))
        default:
            throw .image(
                "begin with the WebP chunk \(chunk)", hint: "The first chunk must be VP8, VP8L or VP8X.")
        }
    }

    private static func lossy(_ bytes: HeaderBytes) throws(StoreError) -> HeaderSize {
        _ = try bytes.part(10, at: 20)
        let isKeyFrame = try bytes.littleEndian(1, at: 20) & 1 == 0
        guard isKeyFrame, try bytes.bigEndian(3, at: 23) == 0x9D_012A else {
            throw .image("hold no VP8 key frame", hint: "A lossy WebP image begins with one.")
        }
        // The two bits above the fourteen are a scaling hint for display.
        return HeaderSize(
            width: try bytes.littleEndian(2, at: 26) & 0x3FFF, height: try bytes.littleEndian(2, at: 28) & 0x3FFF)
    }

    private static func lossless(_ bytes: HeaderBytes) throws(StoreError) -> HeaderSize {
        guard try bytes.littleEndian(1, at: 20) == 0x2F else {
            throw .image("hold no VP8L signature", hint: "A lossless WebP image begins with the byte 2f.")
        }
        let bits = try bytes.littleEndian(4, at: 21)
        guard bits >> 29 == 0 else {
            throw .image("hold VP8L version \(bits >> 29)", hint: "Only version 0 exists.")
        }
        return HeaderSize(width: 1 + bits & 0x3FFF, height: 1 + bits >> 14 & 0x3FFF)
    }

    private static func require(_ holds: Bool, _ chunk: String, _ length: Int64) throws(StoreError) {
        guard holds else {
            throw .image(
                "hold a WebP chunk \(chunk) of \(length) bytes", hint: "That is too short for its header.")
        }
    }
}
