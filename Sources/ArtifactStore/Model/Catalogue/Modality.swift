/// A kind of data that goes into a model or comes out of it: a word of 1 to 32 lower-case letters, digits and `_`.
public struct Modality: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String

    /// The modality of that name; nil when it is no such word.
    public init?(rawValue: String) {
        guard Self.isWord(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(known: String) {
        rawValue = known
    }

    public var description: String { rawValue }

    public static func < (left: Modality, right: Modality) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Text.
    public static let text = Modality(known: "text")
    /// Images.
    public static let image = Modality(known: "image")
    /// Sound.
    public static let audio = Modality(known: "audio")
    /// Moving pictures.
    public static let video = Modality(known: "video")
    /// Files of other kinds, such as PDF.
    public static let file = Modality(known: "file")
    /// Vectors that stand for what went in.
    public static let embeddings = Modality(known: "embeddings")

    static func isWord(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
            }
    }
}
