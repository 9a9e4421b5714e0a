/// Text from the store, made safe for a terminal: stored text may hold escape sequences or reorder what is around it.
enum Printable {
    /// The text on one line, with control and invisible format characters spelled out.
    static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var printable = ""
        for scalar in text.unicodeScalars { append(scalar, to: &printable) }
        return printable
    }

    /// JSON text with what terminals act on written as `\u` escapes: the same document.
    ///
    /// The store's own JSON escapes control characters; bidirectional and invisible ones are legal in it.
    static func json(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { !$0.isASCII && isUnsafe($0) }) else { return text }
        var printable = ""
        for scalar in text.unicodeScalars {
            guard !scalar.isASCII, isUnsafe(scalar) else {
                printable.unicodeScalars.append(scalar)
                continue
            }
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                let digits = String(unit, radix: 16)
                printable += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return printable
    }

    private static func append(_ scalar: Unicode.Scalar, to printable: inout String) {
        switch scalar {
        case "\n": printable += "\\n"
        case "\t": printable += "\\t"
        case _ where isUnsafe(scalar): printable += "\\u{\(String(scalar.value, radix: 16))}"
        default: printable.unicodeScalars.append(scalar)
        }
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    /// The columns a character takes on a terminal: 0 for marks, 2 for East Asian wide ones and emoji, else 1.
    ///
    /// Terminals differ about joined characters; where they do, this is the larger number, so that a line never wraps.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        // Asks for the emoji form of the character before it, which is one column wider.
        case .nonspacingMark where scalar == "\u{FE0F}": return 1
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        let wide: [ClosedRange<UInt32>] = [
            0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x16FE0...0x1B2FF, 0x1F200...0x1F2FF, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
        ]
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// The columns a text takes.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    /// The text cut to so many columns, with an ellipsis where something is missing.
    static func cut(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var kept = ""
        var used = 1
        for scalar in text.unicodeScalars {
            used += width(scalar)
            guard used <= columns else { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + "…"
    }

    /// The text on one line, safe and cut. No more of it is looked at than that takes: a prompt may have 128 KiB.
    static func line(_ text: String, atMost columns: Int) -> String {
        // Marks take no column, so they are counted, too.
        let beginning = text.unicodeScalars.prefix(4 * columns + 1)
        let isWhole = beginning.endIndex == text.unicodeScalars.endIndex
        return cut(self.text(String(beginning)) + (isWhole ? "" : "…"), to: columns)
    }
}
