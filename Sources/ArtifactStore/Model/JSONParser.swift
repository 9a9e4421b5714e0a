/// Reads RFC 8259 JSON from bytes and refuses what would not come back as it went in.
///
/// Beyond the grammar it refuses duplicate member names, invalid UTF-8, lone surrogates, nesting deeper than
/// ``maximumDepth``, more than ``maximumValues`` values and anything behind the value.
public struct JSONParser {
    /// Why a document was refused, and at which byte (counted from 0).
    public struct Failure: Error, Equatable, CustomStringConvertible {
        /// What is wrong, in a few words.
        public let reason: String
        /// The offset of the byte at which it was noticed.
        public let offset: Int

        public var description: String { "\(reason) at byte \(offset)" }
    }

    /// Arrays and objects inside one another, at most.
    public static let maximumDepth = 64

    /// Values in one document, at most: each takes some thirty times the memory of the two bytes it may be written in.
    public static let maximumValues = 1_000_000

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var valueCount = 0

    /// Parses one document.
    ///
    /// - Throws: ``Failure`` naming the reason and the byte.
    public static func parse(_ document: some Sequence<UInt8>) throws(Failure) -> JSONValue {
        let result: Result<JSONValue, Failure>? = document.withContiguousStorageIfAvailable { parse(buffer: $0) }
        return try (result ?? Array(document).withUnsafeBufferPointer { parse(buffer: $0) }).get()
    }

    /// Parses one document held in a string.
    ///
    /// - Throws: ``Failure`` naming the reason and the byte.
    public static func parse(_ document: String) throws(Failure) -> JSONValue {
        try parse(document.utf8)
    }

    private static func parse(buffer: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, Failure> {
        Result { () throws(Failure) -> JSONValue in
            var parser = JSONParser(bytes: buffer)
            parser.skipWhitespace()
            let value = try parser.value(depth: 0)
            parser.skipWhitespace()
            guard parser.index == buffer.count else { throw parser.failure("text behind the value") }
            return value
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private func failure(_ reason: String) -> Failure {
        Failure(reason: reason, offset: index)
    }

    private var current: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private mutating func skipWhitespace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        valueCount += 1
        guard valueCount <= Self.maximumValues else { throw failure("more than \(Self.maximumValues) values") }
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case nil: throw failure("the document ends early")
        default: return try number()
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        let count = word.utf8CodeUnitCount
        guard index + count <= bytes.count,
            (0..<count).allSatisfy({ bytes[index + $0] == word.utf8Start[$0] })
        else { throw failure("not a JSON value") }
        index += count
        return value
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw failure("nested deeper than \(Self.maximumDepth)") }
        index += 1
        var members: [JSONValue.Member] = []
        var names: Set<[UInt8]> = []
        skipWhitespace()
        if current == UInt8(ascii: "}") {
            index += 1
            return .object([])
        }
        while true {
            skipWhitespace()
            guard current == UInt8(ascii: "\"") else { throw failure("a member name must be a string") }
            let start = index
            let name = try string()
            // By bytes: Swift's String equality is canonical equivalence and would join two names JSON keeps apart.
            guard names.insert(Array(name.utf8)).inserted else {
                index = start
                throw failure("the member name \"\(name.prefix(64))\" appears twice")
            }
            skipWhitespace()
            guard current == UInt8(ascii: ":") else { throw failure("a colon is missing") }
            index += 1
            skipWhitespace()
            members.append(JSONValue.Member(name, try value(depth: depth)))
            skipWhitespace()
            if current == UInt8(ascii: ",") {
                index += 1
            } else if current == UInt8(ascii: "}") {
                index += 1
                return .object(members)
            } else {
                throw failure("a comma or a closing brace is missing")
            }
        }
    }

    private mutating func array(depth: Int) throws(Failure) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw failure("nested deeper than \(Self.maximumDepth)") }
        index += 1
        var elements: [JSONValue] = []
        skipWhitespace()
        if current == UInt8(ascii: "]") {
            index += 1
            return .array([])
        }
        while true {
            skipWhitespace()
            elements.append(try value(depth: depth))
            skipWhitespace()
            if current == UInt8(ascii: ",") {
                index += 1
            } else if current == UInt8(ascii: "]") {
                index += 1
                return .array(elements)
            } else {
                throw failure("a comma or a closing bracket is missing")
            }
        }
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = index
        if current == UInt8(ascii: "-") { index += 1 }
        let leading = current
        guard skipDigits() > 0 else { throw failure("not a JSON value") }
        if leading == UInt8(ascii: "0"), index - start > (bytes[start] == UInt8(ascii: "-") ? 2 : 1) {
            throw failure("a number has a leading zero")
        }
        if current == UInt8(ascii: ".") {
            index += 1
            guard skipDigits() > 0 else { throw failure("a number lacks digits behind its point") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            index += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
            guard skipDigits() > 0 else { throw failure("a number lacks digits in its exponent") }
        }
        return .number(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while let byte = current, (0x30...0x39).contains(byte) { index += 1 }
        return index - start
    }

    private mutating func string() throws(Failure) -> String {
        index += 1
        let start = index
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
        if current == UInt8(ascii: "\"") {
            let text = try validText(bytes[start..<index])
            index += 1
            return text
        }
        var unescaped = Array(bytes[start..<index])
        while let byte = current {
            if byte == UInt8(ascii: "\"") {
                let text = try unescaped.withUnsafeBufferPointer { (buffer) throws(Failure) in
                    try validText(buffer[...])
                }
                index += 1
                return text
            } else if byte == UInt8(ascii: "\\") {
                index += 1
                try escape(into: &unescaped)
            } else if byte < 0x20 {
                throw failure("a control character must be escaped")
            } else {
                unescaped.append(byte)
                index += 1
            }
        }
        throw failure("a string is not closed")
    }

    private func validText(_ slice: Slice<UnsafeBufferPointer<UInt8>>) throws(Failure) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw failure("invalid UTF-8") }
        return text
    }

    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        guard let byte = current else { throw failure("a string is not closed") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = UInt32(try codeUnit())
            if (0xD800...0xDBFF).contains(scalar) {
                guard current == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u")
                else { throw failure("a lone surrogate") }
                index += 2
                let low = UInt32(try codeUnit())
                guard (0xDC00...0xDFFF).contains(low) else { throw failure("a lone surrogate") }
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let unicode = Unicode.Scalar(scalar) else { throw failure("a lone surrogate") }
            text.append(contentsOf: UTF8.encode(unicode) ?? UTF8.encodedReplacementCharacter)
        default: throw failure("an unknown escape")
        }
    }

    private mutating func codeUnit() throws(Failure) -> UInt16 {
        guard index + 4 <= bytes.count,
            let value = UInt16(String(decoding: bytes[index..<(index + 4)], as: UTF8.self), radix: 16),
            bytes[index] != UInt8(ascii: "+"), bytes[index] != UInt8(ascii: "-")
        else { throw failure("four hexadecimal digits must follow \\u") }
        index += 4
        return value
    }
}
