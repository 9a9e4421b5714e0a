#if S3
    import Foundation

    /// Different bytes for every number, the same in every program: a template whose end is the number.
    struct UploadBodies: Sendable {
        /// The template's file.
        let path: String
        private let template: Data

        init(_ settings: Settings, byteCount: Int) throws {
            path = settings.folder + "/upload-template.png"
            template = try Self.image(settings, byteCount: byteCount)
            try template.write(to: URL(fileURLWithPath: path))
        }

        func body(_ number: Int) -> Data {
            var body = template
            let digits = Data(String(number).utf8)
            body.replaceSubrange((body.endIndex - digits.count)..., with: digits)
            return body
        }

        /// A PNG, with bytes behind its end that no compression makes smaller.
        static func image(_ settings: Settings, byteCount: Int) throws -> Data {
            let image = settings.root + "/Examples/images/lighthouse-night.png"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: image))
            bytes.reserveCapacity(byteCount)
            var state: UInt64 = 0x9E37_79B9_7F4A_7C15
            while bytes.count < byteCount {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                withUnsafeBytes(of: state) { bytes.append(contentsOf: $0) }
            }
            return bytes.prefix(byteCount)
        }
    }
#endif
