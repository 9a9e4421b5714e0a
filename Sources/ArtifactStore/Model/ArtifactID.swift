/// The name of one artifact, unique in its store for ever.
///
/// Ids are compared byte by byte: two spellings that Unicode calls equivalent are two ids, as they are in SQLite.
/// (Swift's own `String` equality would join them: measured, two rows became one set element.)
public struct ArtifactID: Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The id's text, 1 to 128 bytes of UTF-8.
    public let text: String

    /// Takes any text; the rules (1 to 128 bytes, no NUL, no signed query string) are checked by the call it goes to.
    public init(_ text: String) {
        self.text = text
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }

    public var description: String { text }

    /// A fresh id: `art_`, ten characters of time and sixteen random ones, so that ids made later sort later.
    ///
    /// The alphabet is Crockford's base 32 and the layout that of a ULID (48 bits of milliseconds, 80 random bits).
    /// Ids that grow with time keep the index pages they land on in the cache.
    public static func fresh(at moment: Timestamp, using random: inout some RandomNumberGenerator) -> ArtifactID {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        var text: [UInt8] = Array("art_".utf8)
        text.reserveCapacity(30)
        for shift in stride(from: 45, through: 0, by: -5) {
            text.append(alphabet[Int(moment.milliseconds >> Int64(shift)) & 31])
        }
        for _ in 0..<2 {
            let bits = random.next()
            for shift in stride(from: 35, through: 0, by: -5) {
                text.append(alphabet[Int(truncatingIfNeeded: bits >> UInt64(shift)) & 31])
            }
        }
        return ArtifactID(String(decoding: text, as: UTF8.self))
    }
}

extension ArtifactID: Hashable {
    public static func == (left: ArtifactID, right: ArtifactID) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
