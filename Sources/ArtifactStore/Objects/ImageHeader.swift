public import Foundation

/// What an image's own first bytes say it is. Nothing is decompressed, and no file name or caller is believed.
///
/// Width and height are those of the stored pixels: an Exif orientation or an AVIF rotation is not applied.
public struct ImageHeader: Hashable, Sendable {
    /// `image/png`, `image/jpeg`, `image/webp`, `image/gif` or `image/avif`.
    public let contentType: String
    /// Pixels across, 1 to 65,535.
    public let width: Int64
    /// Pixels down, 1 to 65,535.
    public let height: Int64

    /// The most pixels an image may have: a gigapixel.
    public static let maximumPixels: Int64 = 1_000_000_000

    /// Reads the header of a PNG, JPEG, WebP, GIF or AVIF image.
    ///
    /// At most the first 64 KiB are looked at. Only in a JPEG may the size lie further in, behind metadata segments
    /// that are skipped by their declared lengths; at most 4,096 of those are skipped.
    ///
    /// - Parameter bytes: The image, or as much of its beginning as holds the header.
    /// - Throws: ``StoreError`` with code `invalidInput` when the bytes are no such image, the header is cut short or
    ///   contradicts itself, a side is not 1 to 65,535 pixels, or there are more than ``maximumPixels``.
    public static func read(_ bytes: Data) throws(StoreError) -> ImageHeader {
        let head = HeaderBytes(bytes.prefix(65_536))
        let (contentType, size): (String, HeaderSize)
        if head.starts(with: PNGHeader.signature) {
            (contentType, size) = ("image/png", try PNGHeader.size(in: head))
        } else if head.starts(with: JPEGHeader.signature) {
            (contentType, size) = ("image/jpeg", try JPEGHeader.size(in: HeaderBytes(bytes)))
        } else if head.starts(with: GIFHeader.signature87) || head.starts(with: GIFHeader.signature89) {
            (contentType, size) = ("image/gif", try GIFHeader.size(in: head))
        } else if head.holds("RIFF", at: 0), head.holds("WEBP", at: 8) {
            (contentType, size) = ("image/webp", try WebPHeader.size(in: head))
        } else if head.holds("ftyp", at: 4) {
            (contentType, size) = ("image/avif", try AVIFHeader.size(in: head))
        } else {
            throw .image(
                "start with \(head.firstBytesInHexadecimal)", hint: "PNG, JPEG, WebP, GIF and AVIF images are stored.")
        }
        return try ImageHeader(contentType: contentType, size: size)
    }

    private init(contentType: String, size: HeaderSize) throws(StoreError) {
        let range: ClosedRange<Int64> = 1...65_535
        guard range.contains(size.width), range.contains(size.height) else {
            throw .image(
                "declare \(size.width) x \(size.height) pixels", hint: "Each side must be 1 to 65535 pixels.")
        }
        guard size.width * size.height <= Self.maximumPixels else {
            throw .image(
                "declare \(size.width) x \(size.height) pixels",
                hint: "An image may have \(Self.maximumPixels) pixels at most.")
        }
        (self.contentType, self.width, self.height) = (contentType, size.width, size.height)
    }
}

/// Width and height as a format declares them, before any bound is checked. Each format holds at most 32 bits.
struct HeaderSize {
    let width: Int64
    let height: Int64
}

extension StoreError {
    /// Says what was seen in an image's bytes.
    static func image(_ seen: String, hint: String) -> StoreError {
        .invalid("the image bytes", seen, hint: hint)
    }
}
