/// AVIF (AOMedia, 1.1.0): section 6.2 the brands; the size is the `ispe` property of the primary item, ISO/IEC 23008-12
/// section 6.5.3, found through `pitm` (ISO/IEC 14496-12, 8.11.4) and `ipma` (23008-12, 9.3).
///
/// Other items (thumbnails, alpha, the tiles of a grid) have sizes of their own, so the first `ispe` will not do.
enum AVIFHeader {
    static func size(in bytes: HeaderBytes) throws(StoreError) -> HeaderSize {
        let container = MediaBoxes(bytes: bytes)
        let topLevel = 0..<bytes.count
        try checkBrands(container.box("ftyp", in: topLevel), bytes)
        let meta = try container.fullBox(container.box("meta", in: topLevel)).contents
        let primary = try primaryItem(container, meta)
        let properties = try container.box("iprp", in: meta).payload
        let list = try container.boxes(in: container.box("ipco", in: properties).payload)
        for index in try propertyIndices(of: primary, container, properties) {
            // Indices count from 1; 0 means none.
            guard index >= 1, index <= list.count, list[index - 1].type == "ispe" else { continue }
            let contents = try container.fullBox(list[index - 1]).contents
            guard contents.count >= 8 else { break }
            return HeaderSize(
                width: try bytes.bigEndian(4, at: contents.lowerBound),
                height: try bytes.bigEndian(4, at: contents.lowerBound + 4))
        }
        throw .image("give the AVIF primary item no size", hint: "It needs an ispe property.")
    }

    private static func checkBrands(_ box: MediaBoxes.Box, _ bytes: HeaderBytes) throws(StoreError) {
        let start = box.payload.lowerBound
        let major = try bytes.fourCharacters(at: start)
        var brands = [major]
        // The four bytes behind the major brand are its minor version.
        for offset in stride(from: start + 8, to: box.payload.upperBound - 3, by: 4) {
            brands.append(try bytes.fourCharacters(at: offset))
        }
        guard brands.contains("avif") || brands.contains("avis") else {
            throw .image(
                "are a media file of brand \(major)", hint: "PNG, JPEG, WebP, GIF and AVIF images are stored.")
        }
    }

    private static func primaryItem(_ container: MediaBoxes, _ meta: Range<Int>) throws(StoreError) -> Int64 {
        let (version, _, contents) = try container.fullBox(container.box("pitm", in: meta))
        return try container.bytes.bigEndian(version == 0 ? 2 : 4, at: contents.lowerBound)
    }

    /// The properties the item has, by their place in `ipco`.
    private static func propertyIndices(
        of item: Int64, _ container: MediaBoxes, _ properties: Range<Int>
    ) throws(StoreError) -> [Int] {
        let bytes = container.bytes
        var indices: [Int] = []
        for box in try container.boxes(in: properties) where box.type == "ipma" {
            let (version, flags, contents) = try container.fullBox(box)
            let idLength = version == 0 ? 2 : 4
            let indexLength = flags & 1 == 0 ? 1 : 2
            // The top bit says that the property is essential.
            let indexMask: Int64 = flags & 1 == 0 ? 0x7F : 0x7FFF
            var offset = contents.lowerBound + 4
            // Every entry is three bytes at least and every byte is checked, so a huge count ends at the bytes' end.
            for _ in 0..<(try bytes.bigEndian(4, at: contents.lowerBound)) {
                let entryItem = try bytes.bigEndian(idLength, at: offset)
                let associations = Int(try bytes.bigEndian(1, at: offset + idLength))
                offset += idLength + 1
                for _ in 0..<associations {
                    let index = try bytes.bigEndian(indexLength, at: offset) & indexMask
                    if entryItem == item { indices.append(Int(index)) }
                    offset += indexLength
                }
            }
        }
        return indices
    }
}
