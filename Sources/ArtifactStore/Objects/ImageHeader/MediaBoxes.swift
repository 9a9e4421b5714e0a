/// The boxes of an ISO base media file (ISO/IEC 14496-12, section 4.2): a size, four letters, a payload.
struct MediaBoxes {
    /// One box; `payload` is the part of it that lies inside the bytes at hand.
    struct Box {
        let type: String
        let payload: Range<Int>
    }

    let bytes: HeaderBytes

    /// The boxes inside `range`, in order, as far as the bytes go.
    func boxes(in range: Range<Int>) throws(StoreError) -> [Box] {
        var boxes: [Box] = []
        var offset = range.lowerBound
        // A box is eight bytes at least, so the 64 KiB at hand bound this loop.
        while range.upperBound - offset >= 8 {
            let rest = range.upperBound - offset
            let type = try bytes.fourCharacters(at: offset + 4)
            var size = try bytes.bigEndian(4, at: offset)
            var headerLength = 8
            if size == 1 {
                guard rest >= 16 else { break }
                size = try bytes.bigEndian(8, at: offset + 8)
                headerLength = 16
            } else if size == 0 {
                size = Int64(rest)
            }
            // A 64-bit size with its top bit set comes out negative here.
            guard size >= headerLength else {
                throw .image("hold a box \(type) with an impossible size", hint: "The AVIF container is damaged.")
            }
            let end = offset + Int(min(size, Int64(rest)))
            boxes.append(Box(type: type, payload: offset + headerLength..<end))
            offset = end
        }
        return boxes
    }

    /// The first box of that type inside `range`.
    func box(_ type: String, in range: Range<Int>) throws(StoreError) -> Box {
        guard let box = try boxes(in: range).first(where: { $0.type == type }) else {
            throw .image(
                "hold no AVIF box \(type) within the first \(bytes.count) bytes",
                hint: "Give the whole image; its metadata must come first.")
        }
        return box
    }

    /// The version, the flags, and where the contents begin (section 4.2.2: a full box).
    func fullBox(_ box: Box) throws(StoreError) -> (version: Int64, flags: Int64, contents: Range<Int>) {
        guard box.payload.count >= 4 else {
            throw .image("hold a box \(box.type) that is cut short", hint: "The AVIF container is damaged.")
        }
        let start = box.payload.lowerBound
        return (
            try bytes.bigEndian(1, at: start), try bytes.bigEndian(3, at: start + 1),
            start + 4..<box.payload.upperBound
        )
    }
}
