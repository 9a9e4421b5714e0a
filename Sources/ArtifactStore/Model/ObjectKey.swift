/// The name of an object in a bucket: validated once, then kept and returned byte for byte and never decoded.
///
/// Refused: more than 1,024 bytes of UTF-8, empty or dot segments (`a//b`, `.`, `..`), a leading or trailing slash,
/// backslashes, control and bidirectional-format characters, signed query strings, and percent-encoded dots, slashes,
/// backslashes and percent signs (a reader that decodes twice would see another key: MLflow CVE-2024-1560).
public struct ObjectKey: Sendable, CustomStringConvertible {
    /// The key's text, exactly as given.
    public let text: String

    /// Checks and keeps a key.
    ///
    /// - Throws: ``StoreError`` with code `invalidInput`, saying which rule the key breaks.
    public init(_ text: String) throws(StoreError) {
        try TextRule.check(text, "objectKey", atMost: TextLimit.objectKey)
        // By bytes, as a file system reads them: a combining mark behind a slash or dot would hide it from a comparison
        // of Swift characters.
        let bytes = Array(text.utf8)
        for segment in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !segment.isEmpty else {
                throw Self.refusal("has an empty segment", "Write no leading, trailing or double slash.")
            }
            guard segment.count > 2 || !segment.allSatisfy({ $0 == UInt8(ascii: ".") }) else {
                throw Self.refusal("has a dot segment", "Name every folder; . and .. are never resolved.")
            }
        }
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                throw Self.refusal(
                    "holds the invisible character U+\(String(scalar.value, radix: 16, uppercase: true))", "Remove it.")
            default: break
            }
            guard scalar != "\\" else { throw Self.refusal("holds a backslash", "Separate folders with /.") }
        }
        for index in bytes.indices where bytes[index] == UInt8(ascii: "%") {
            let digits = String(decoding: bytes[(index + 1)...].prefix(2), as: UTF8.self).lowercased()
            guard !["2e", "2f", "5c", "25", "00"].contains(digits) else {
                throw Self.refusal(
                    "holds the percent-encoded character %\(digits)", "Give the key itself, not its encoding.")
            }
        }
        self.text = text
    }

    /// For keys this package derived or the schema already checked.
    init(trusted text: String) {
        self.text = text
    }

    public var description: String { text }

    private static func refusal(_ reason: String, _ hint: String) -> StoreError {
        .invalid("objectKey", reason, hint: hint)
    }
}

extension ObjectKey: Hashable {
    /// Byte by byte: keys that Unicode calls equivalent are different objects.
    public static func == (left: ObjectKey, right: ObjectKey) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
