/// Takes SQL apart as SQLite does (its `tokenize.c`), whatever the bytes are.
///
/// Searching the text for `COMMIT` finds those in strings, comments and trigger bodies, and misses those that hide
/// behind a comment. This does neither. The tokens one after the other are the input, byte for byte. A NUL, where
/// SQLite stops reading, is an illegal token of its own, and ends the one before.
struct SQLTokenizer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var column = 1

    /// The tokens of a text, white space and comments included.
    static func tokens(of bytes: [UInt8]) -> [SQLToken] {
        var tokenizer = SQLTokenizer(bytes: bytes)
        var tokens: [SQLToken] = []
        while let token = tokenizer.next() { tokens.append(token) }
        return tokens
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private typealias Extent = (kind: SQLToken.Kind, length: Int, isComplete: Bool)

    private mutating func next() -> SQLToken? {
        guard position < bytes.count else { return nil }
        let (kind, length, isComplete) = extent()
        let slice = bytes[position..<position + length]
        let token = SQLToken(kind: kind, bytes: slice, isComplete: isComplete, line: line, column: column)
        for byte in slice {
            if byte == UInt8(ascii: "\n") {
                (line, column) = (line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        position += length
        return token
    }

    /// One byte, as the character it has in ASCII.
    private typealias Byte = Unicode.Scalar

    /// The byte so far behind the token's start; NUL behind the end, as in SQLite's C string.
    private func at(_ offset: Int) -> Byte {
        let index = position + offset
        return index < bytes.count ? Byte(bytes[index]) : "\0"
    }

    private func extent() -> Extent {
        switch at(0) {
        case "\t", "\n", "\u{C}", "\r", " ": return (.space, run(from: 1, Self.isSpace), true)
        case "\u{EF}" where at(1) == "\u{BB}" && at(2) == "\u{BF}": return (.space, 3, true)
        case "-" where at(1) == "-": return (.lineComment, run(from: 2) { $0 != "\n" }, true)
        // SQLite takes `/*` at the very end for a division and a star.
        case "/" where at(1) == "*" && at(2) != "\0": return blockComment()
        case "-" where at(1) == ">": return (.symbol, at(2) == ">" ? 3 : 2, true)
        case "=" where at(1) == "=", "!" where at(1) == "=", "|" where at(1) == "|": return (.symbol, 2, true)
        case "<" where [">", "=", "<"].contains(at(1)), ">" where ["=", ">"].contains(at(1)):
            return (.symbol, 2, true)
        case "-", "+", "*", "/", "%", "(", ")", ";", ",", "&", "|", "~", "=", "<", ">": return (.symbol, 1, true)
        case "'", "\"", "`": return quoted(by: at(0))
        case "[":
            let length = run(from: 1) { $0 != "]" }
            return at(length) == "]" ? (.quotedName, length + 1, true) : (.quotedName, length, false)
        case "." where !Self.isDigit(at(1)): return (.symbol, 1, true)
        case ".", "0"..."9": return number()
        case "?": return (.variable, run(from: 1, Self.isDigit), true)
        case "$", "@", "#", ":": return variable()
        case "x" where at(1) == "'", "X" where at(1) == "'": return blob()
        case let first where Self.isNamePart(first): return (.word, run(from: 1, Self.isNamePart), true)
        default: return (.illegal, 1, true)
        }
    }

    /// Where the bytes that satisfy this end, a NUL at the latest.
    private func run(from start: Int, _ isPart: (Byte) -> Bool) -> Int {
        var offset = start
        while at(offset) != "\0", isPart(at(offset)) { offset += 1 }
        return offset
    }

    private func blockComment() -> Extent {
        var offset = 3
        while at(offset) != "\0" {
            if at(offset - 1) == "*", at(offset) == "/" { return (.blockComment, offset + 1, true) }
            offset += 1
        }
        return (.blockComment, offset, false)
    }

    /// A string or a name; its quote doubled stands for itself.
    private func quoted(by quote: Byte) -> Extent {
        let kind: SQLToken.Kind = quote == "'" ? .string : .quotedName
        var offset = 1
        while at(offset) != "\0" {
            if at(offset) == quote {
                guard at(offset + 1) == quote else { return (kind, offset + 1, true) }
                offset += 1
            }
            offset += 1
        }
        return (kind, offset, false)
    }

    private func number() -> Extent {
        let isPart = { (byte: Byte) in Self.isDigit(byte) || byte == "_" }
        var end: Int
        if at(0) == "0", at(1) == "x" || at(1) == "X", Self.isHexDigit(at(2)) {
            end = run(from: 3) { Self.isHexDigit($0) || $0 == "_" }
        } else {
            end = run(from: 0, isPart)
            if at(end) == "." { end = run(from: end + 1, isPart) }
            let isSigned = at(end + 1) == "+" || at(end + 1) == "-"
            if at(end) == "e" || at(end) == "E", Self.isDigit(at(end + (isSigned ? 2 : 1))) {
                end = run(from: end + 2, isPart)
            }
        }
        let rest = run(from: end, Self.isNamePart)
        return (rest == end ? .number : .illegal, rest, true)
    }

    /// `:name`, `@name`, `#name`, and Tcl's `$name::space(index)`.
    private func variable() -> Extent {
        var offset = 1
        var hasName = false
        while true {
            if Self.isNamePart(at(offset)) {
                hasName = true
                offset += 1
            } else if at(offset) == ":", at(offset + 1) == ":" {
                offset += 2
            } else if at(offset) == "(", hasName {
                let end = run(from: offset + 1) { !Self.isSpace($0) && $0 != ")" }
                return at(end) == ")" ? (.variable, end + 1, true) : (.illegal, end, true)
            } else {
                return (hasName ? .variable : .illegal, offset, true)
            }
        }
    }

    private func blob() -> Extent {
        let digits = run(from: 2, Self.isHexDigit)
        if at(digits) == "'", digits % 2 == 0 { return (.blob, digits + 1, true) }
        let end = run(from: digits) { $0 != "'" }
        return at(end) == "'" ? (.illegal, end + 1, true) : (.blob, end, false)
    }

    /// As inside white space: there, SQLite takes a vertical tab, too, which it does not at its start.
    private static func isSpace(_ byte: Byte) -> Bool { byte == " " || ("\t"..."\r").contains(byte) }

    private static func isDigit(_ byte: Byte) -> Bool { ("0"..."9").contains(byte) }

    private static func isHexDigit(_ byte: Byte) -> Bool {
        isDigit(byte) || ("a"..."f").contains(byte) || ("A"..."F").contains(byte)
    }

    private static func isNamePart(_ byte: Byte) -> Bool {
        isDigit(byte) || ("a"..."z").contains(byte) || ("A"..."Z").contains(byte) || byte == "_" || byte == "$"
            || byte >= "\u{80}"
    }
}
