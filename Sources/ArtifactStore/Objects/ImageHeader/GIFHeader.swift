/// GIF89a (CompuServe, 1990): section 17 the header, 18 the logical screen descriptor, seven bytes.
enum GIFHeader {
    static let signature87 = Array("GIF87a".utf8)
    static let signature89 = Array("GIF89a".utf8)

    static func size(in bytes: HeaderBytes) throws(StoreError) -> HeaderSize {
        _ = try bytes.part(7, at: 6)
        return HeaderSize(width: try bytes.littleEndian(2, at: 6), height: try bytes.littleEndian(2, at: 8))
    }
}
