/// One token of SQL: what SQLite's own tokenizer would make of these bytes.
struct SQLToken: Sendable, Equatable {
    enum Kind: Sendable {
        /// White space, or a byte-order mark.
        case space
        case lineComment, blockComment
        /// A keyword, or a name that stands without quotes.
        case word
        /// A name in double quotes, backticks or brackets.
        case quotedName
        case string, blob, number
        /// A place for a bound value, such as `?1` or `:name`.
        case variable
        /// An operator or punctuation.
        case symbol
        /// What SQLite has no token for.
        case illegal
    }

    let kind: Kind
    let bytes: ArraySlice<UInt8>
    /// Whether its end was there: false for a string, name, blob or comment that the end of the text or a NUL cut off.
    var isComplete = true
    /// From 1.
    let line: Int
    /// From 1, in characters (Unicode scalars).
    let column: Int

    var range: Range<Int> { bytes.startIndex..<bytes.endIndex }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var isComment: Bool { kind == .lineComment || kind == .blockComment }

    /// Neither white space nor a comment.
    var isSignificant: Bool { kind != .space && !isComment }

    /// The line on which it ends.
    var lastLine: Int { line + bytes.count { $0 == UInt8(ascii: "\n") } }

    /// Whether it is this keyword, given in capitals. A name in quotes never is one.
    func isWord(_ keyword: StaticString) -> Bool {
        guard kind == .word, bytes.count == keyword.utf8CodeUnitCount else { return false }
        return keyword.withUTF8Buffer { zip(bytes, $0).allSatisfy { SQLToken.uppercased($0) == $1 } }
    }

    /// Whether it is this operator or punctuation.
    func isSymbol(_ symbol: Character) -> Bool {
        kind == .symbol && bytes.count == 1 && bytes.first == symbol.asciiValue
    }

    /// A word in capitals; empty for everything else.
    var keyword: String {
        kind == .word ? String(decoding: bytes.map(Self.uppercased), as: UTF8.self) : ""
    }

    /// What it names, as SQLite compares names: without quotes, ASCII in lower case. A string is taken for a name where
    /// SQLite does so, too. Nil for a token that names nothing.
    var name: String? {
        switch kind {
        case .word: return String(decoding: bytes.map(Self.lowercased), as: UTF8.self)
        case .quotedName, .string:
            guard let quote = bytes.first, bytes.count > 1 else { return nil }
            var unquoted: [UInt8] = []
            var isSecond = false
            for byte in bytes.dropFirst().dropLast(isComplete ? 1 : 0) {
                isSecond = byte == quote && !isSecond
                if !isSecond { unquoted.append(Self.lowercased(byte)) }
            }
            return String(decoding: unquoted, as: UTF8.self)
        default: return nil
        }
    }

    private static func uppercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 0x20 : byte
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
    }
}
