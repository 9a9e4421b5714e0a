internal import ArtifactStore
internal import Foundation

/// Makes a provider's text fit for the record, so that no answer, however hostile, can make recording fail.
///
/// The rules are those of the store's durable texts: a length in bytes, no NUL, no query of a signed URL.
enum SafeText {
    /// What is kept of a provider's message: enough for any explanation, far from the 8,192 bytes a message may have.
    static let longestMessage = 2_000

    /// The text without NUL and without signed URLs, cut to a length. Nil when nothing readable is left.
    static func message(_ text: String?, atMost limit: Int = longestMessage) -> String? {
        guard let text else { return nil }
        // Cut before cleaning too, so that a message of megabytes costs no more than one of kilobytes.
        let start = cut(text, to: 8 * limit).unicodeScalars.filter { $0 != "\0" }
        let clean = withoutSignedURLs(String(String.UnicodeScalarView(start)))
        let trimmed = clean.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? nil : cut(trimmed, to: limit)
    }

    /// The text itself when it may be recorded as it is, else nil: half a request id or prompt would be a wrong one.
    static func orNothing(_ text: String?, atMost limit: Int = TextLimit.name) -> String? {
        guard let text, (try? TextRule.check(text, "text", atMost: limit)) != nil else { return nil }
        return text
    }

    /// The JSON value itself when its text may be recorded, else nil.
    static func orNothing(_ json: JSONValue?) -> JSONValue? {
        guard let json else { return nil }
        let text = json.compactText
        // An escaped NUL passes as text but ends the string for SQLite's JSON functions.
        guard orNothing(text, atMost: TextLimit.json) != nil, !text.contains("\\u0000") else { return nil }
        return json
    }

    /// The text's first bytes up to a whole character, with an ellipsis when something is missing.
    static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let ellipsis = "…"
        var size = ellipsis.utf8.count
        let kept = text.unicodeScalars.prefix { scalar in
            size += UTF8.width(scalar)
            return size <= limit
        }
        return String(kept) + ellipsis
    }

    private static func withoutSignedURLs(_ text: String) -> String {
        let found = SignedQuery(text)
        guard found.isThere else { return text }
        var result = ""
        var word = ""
        func endWord() {
            result += found.mustGo(word) ? "[signed URL removed]" : word
            word = ""
        }
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace || "\"<>`".unicodeScalars.contains(scalar) {
                endWord()
                result.unicodeScalars.append(scalar)
            } else {
                word.unicodeScalars.append(scalar)
            }
        }
        endWord()
        return result
    }
}

/// Whether a text holds the query of a signed URL, byte by byte as the schema's CHECKs see it: a combining character
/// behind `=` would hide it from a comparison of Swift characters.
private struct SignedQuery {
    private let hasPair: Bool
    let isThere: Bool

    init(_ text: String) {
        let bytes = Self.lowered(text)
        hasPair = Self.holds("sig=", bytes) && Self.holds("se=", bytes)
        isThere = hasPair || Self.holdsName(bytes)
    }

    /// Whether this word of the text carries the signature.
    func mustGo(_ word: String) -> Bool {
        let bytes = Self.lowered(word)
        return Self.holdsName(bytes) || hasPair && Self.holds("sig=", bytes)
    }

    private static func holdsName(_ bytes: Data) -> Bool {
        holds("x-amz-signature=", bytes) || holds("x-goog-signature=", bytes)
    }

    private static func holds(_ word: String, _ bytes: Data) -> Bool {
        bytes.range(of: Data(word.utf8)) != nil
    }

    private static func lowered(_ text: String) -> Data {
        Data(text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
    }
}
