public import Foundation

extension ImageFacts {
    /// The most bytes one stored image may have: 1 GiB.
    public static let maximumStoredByteCount: Int64 = 1_073_741_824

    /// Every fact about an image's bytes: type and size read from their own header, their number and their digest.
    ///
    /// - Parameter bytes: The whole image, 1 byte to 1 GiB.
    /// - Throws: ``StoreError`` with code `invalidInput` when there are no bytes, too many, or ``ImageHeader`` refuses
    ///   them.
    public static func describing(_ bytes: Data) throws(StoreError) -> ImageFacts {
        guard !bytes.isEmpty else {
            throw .image("are empty", hint: "Record a failure when the provider sent no image.")
        }
        try checkStorable(bytes)
        let header = try ImageHeader.read(bytes)
        return ImageFacts(
            contentType: header.contentType, byteCount: Int64(bytes.count), sha256: SHA256Hex.of(bytes),
            width: header.width, height: header.height)
    }

    package static func checkStorable(_ bytes: Data) throws(StoreError) {
        guard Int64(bytes.count) <= maximumStoredByteCount else {
            throw .image("are \(bytes.count) in number", hint: "At most \(maximumStoredByteCount) are stored.")
        }
    }

    /// What every storage checks before it stores anything.
    ///
    /// - Throws: ``StoreError`` `invalidInput` when there are too many bytes, `objectDamaged` when they do not have the
    ///   digest.
    package static func checkStorable(_ bytes: Data, sha256: String) throws(StoreError) {
        try checkStorable(bytes)
        let actual = SHA256Hex.of(bytes)
        guard actual == sha256 else {
            throw StoreError(
                .objectDamaged, "the bytes to store have SHA-256 \(actual), expected \(sha256)",
                hint: "They changed after their digest was taken; take both from the same bytes.")
        }
    }
}
