extension JSONValue {
    /// The value on one line, members in their order.
    public var compactText: String {
        var writer = JSONWriter(indentation: nil)
        writer.write(self, level: 0)
        return writer.text
    }

    /// The value over several lines, indented by two spaces.
    public var prettyText: String {
        var writer = JSONWriter(indentation: "  ")
        writer.write(self, level: 0)
        return writer.text
    }

    /// The value on one line with members sorted by the bytes of their names: equal values, equal text.
    var canonicalText: String {
        sorted.compactText
    }

    private var sorted: JSONValue {
        switch self {
        case .array(let elements): return .array(elements.map(\.sorted))
        case .object(let members):
            return .object(
                members.map { Member($0.name, $0.value.sorted) }
                    .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
        default: return self
        }
    }
}

private struct JSONWriter {
    let indentation: String?
    var text = ""

    mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .number(let literal): text += literal
        case .string(let string): write(string)
        case .array(let elements):
            write(open: "[", close: "]", count: elements.count, level: level) { writer, index in
                writer.write(elements[index], level: level + 1)
            }
        case .object(let members):
            write(open: "{", close: "}", count: members.count, level: level) { writer, index in
                writer.write(members[index].name)
                writer.text += writer.indentation == nil ? ":" : ": "
                writer.write(members[index].value, level: level + 1)
            }
        }
    }

    private mutating func write(
        open: String, close: String, count: Int, level: Int, element: (inout JSONWriter, Int) -> Void
    ) {
        text += open
        for index in 0..<count {
            if index > 0 { text += "," }
            breakLine(level: level + 1)
            element(&self, index)
        }
        if count > 0 { breakLine(level: level) }
        text += close
    }

    private mutating func breakLine(level: Int) {
        guard let indentation else { return }
        text += "\n"
        for _ in 0..<level { text += indentation }
    }

    private mutating func write(_ string: String) {
        text += "\""
        defer { text += "\"" }
        // Most strings are plain ASCII and need no look at each scalar.
        guard string.utf8.contains(where: { $0 < 0x20 || $0 > 0x7E || $0 == 0x22 || $0 == 0x5C }) else {
            text += string
            return
        }
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            // U+2028 and U+2029 end lines for many line readers; DEL and the C1 set act on terminals.
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
