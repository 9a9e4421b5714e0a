/// What a browser does with the bytes behind a signed URL.
public enum ContentDisposition: Sendable, Hashable {
    /// Shows them. Only raster images are ever shown: SVG, HTML, XML, PDF and what is unknown may run scripts under the
    /// address of the storage, and become an attachment.
    case inline
    /// Saves them under a file name; nil names them after the artifact.
    case attachment(fileName: String?)
}

/// The headers of an answer that a signed URL asks for.
struct AnswerHeaders: Equatable {
    /// `Content-Disposition`; nil for an image that is shown.
    let disposition: String?
    /// `Content-Type`.
    let contentType: String

    /// The types that browsers draw and never run (the ones whose headers this package reads).
    private static let extensions = [
        "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif", "image/avif": "avif",
    ]

    init(disposition: String?, contentType: String) {
        (self.disposition, self.contentType) = (disposition, contentType)
    }

    /// - Throws: ``StoreError`` `invalidInput` for a file name with control characters, or of more than 200 bytes.
    init(
        _ disposition: ContentDisposition, of artifactId: ArtifactID, contentType recorded: String?
    ) throws(StoreError) {
        let type = recorded.flatMap { Self.extensions[$0] == nil ? nil : $0 }
        contentType = type ?? "application/octet-stream"
        if disposition == .inline, type != nil {
            self.disposition = nil
        } else {
            var name = "\(artifactId)"
            if case .attachment(let fileName?) = disposition {
                name = fileName
            } else if let type, let ending = Self.extensions[type] {
                name += ".\(ending)"
            }
            self.disposition = try Self.attachment(name)
        }
    }

    /// RFC 6266: an ASCII name for old clients, and the whole one in the encoding of RFC 8187.
    private static func attachment(_ name: String) throws(StoreError) -> String {
        let isShort = (1...200).contains(name.utf8.count)
        guard isShort, !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw StoreError(
                .invalidInput, "the file name has \(name.utf8.count) bytes, or control characters in them",
                hint: "Give 1 to 200 bytes of text.")
        }
        // A quote, a backslash, a slash or a percent sign would be read by some client as more than itself.
        let plain = String(
            name.unicodeScalars.map { scalar -> Character in
                scalar.isASCII && !"\"\\/%;".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
            })
        let header = "attachment; filename=\"\(plain)\""
        return plain == name ? header : header + "; filename*=UTF-8''\(percentEncoded(name))"
    }

    /// Everything but the letters, digits and marks that RFC 8187 calls `attr-char`.
    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
            return isPlain || "!#$&+-.^_`|~".utf8.contains(byte)
                ? String(Character(Unicode.Scalar(byte))) : "%" + hexadecimal(byte)
        }.joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
