/// What a search of prompts asks for: words and phrases, every one of which must be there.
///
/// Words are what white space separates. A quotation mark at the beginning of a word starts a phrase, which ends with
/// the next one or with the text. Nothing else means anything: every word is handed to FTS5 as a string of its own.
struct SearchWords: Hashable, Sendable {
    /// The most bytes of UTF-8 that a search has.
    static let largestText = 1024

    /// The search as FTS5 reads it: strings in quotation marks, which are all required.
    let match: String

    /// - Throws: ``StoreError`` `invalidInput` when the text is too long, holds NUL, or has no letter and no digit.
    init(_ text: String) throws(StoreError) {
        guard text.utf8.count <= Self.largestText else {
            throw .invalid(
                "the search", "is \(text.utf8.count) bytes long", hint: "Search for at most \(Self.largestText) bytes.")
        }
        guard !text.utf8.contains(0) else {
            throw .invalid("the search", "holds a NUL character", hint: "Remove it: no prompt holds NUL.")
        }
        guard text.unicodeScalars.contains(where: Self.isIndexed) else {
            throw .invalid(
                "the search", "has no letter and no digit", hint: "Search for words: nothing else is in the index.")
        }
        // No operator between them. FTS5 leaves out a string without a letter or digit then; after AND, it would match
        // nothing.
        match = Self.strings(text).map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: " ")
    }

    private static func strings(_ text: String) -> [String] {
        var rest = text.unicodeScalars[...]
        var strings: [String] = []
        while let start = rest.firstIndex(where: { !$0.properties.isWhitespace }) {
            rest = rest[start...]
            let isPhrase = rest.first == "\""
            if isPhrase { rest = rest.dropFirst() }
            let end = rest.firstIndex { isPhrase ? $0 == "\"" : $0.properties.isWhitespace } ?? rest.endIndex
            strings.append(String(rest[..<end]))
            rest = rest[end...].dropFirst()
        }
        return strings
    }

    /// Whether the tokenizer `unicode61` takes a character as part of a word: letters, numbers and private use.
    private static func isIndexed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .privateUse:
            true
        default: false
        }
    }
}
