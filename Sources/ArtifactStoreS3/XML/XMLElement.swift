/// One element of a small XML document: the answers of S3 and STS hold elements and text, nothing else of use.
struct XMLElement {
    /// Without its namespace prefix.
    let name: String
    fileprivate(set) var children: [XMLElement] = []
    /// All text directly inside, entities resolved, white space kept.
    fileprivate(set) var text = ""

    init(_ name: String) {
        self.name = name
    }

    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

extension XMLElement {
    /// What a document breaks, without any of its text.
    struct Malformed: Error {
        let reason: String
        /// In bytes from the beginning.
        let offset: Int
    }

    /// Reads a whole document, strictly: one root, every element closed by its own name, no document type (which is
    /// how entities are defined), no more than 16 levels.
    static func parse(_ document: some Sequence<UInt8>) throws(Malformed) -> XMLElement {
        var reader = XMLReader(Array(document))
        return try reader.document()
    }
}

private struct XMLReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(XMLElement.Malformed) -> XMLElement {
        _ = skip("\u{FEFF}")
        if skip("<?xml") { try skipPast("?>") }
        try skipBetweenElements()
        let root = try element(depth: 1)
        try skipBetweenElements()
        guard index == bytes.count else { throw malformed("something follows the root element") }
        return root
    }

    private mutating func element(depth: Int) throws(XMLElement.Malformed) -> XMLElement {
        guard depth <= 16 else { throw malformed("more than 16 levels") }
        guard skip("<") else { throw malformed("an element was expected") }
        let fullName = try name()
        var element = XMLElement(Self.localName(fullName))
        try skipAttributes()
        if skip("/>") { return element }
        guard skip(">") else { throw malformed("a start tag is not closed") }
        var text: [UInt8] = []
        while true {
            if skip("</") {
                guard try name() == fullName else { throw malformed("an end tag does not match its start tag") }
                skipSpace()
                guard skip(">") else { throw malformed("an end tag is not closed") }
                guard let valid = String(validating: text, as: UTF8.self) else { throw malformed("text is not UTF-8") }
                element.text = valid
                return element
            } else if skip("<!--") {
                try skipPast("-->")
            } else if skip("<![CDATA[") {
                let start = index
                try skipPast("]]>")
                text += bytes[start..<(index - 3)]
            } else if index < bytes.count, bytes[index] == UInt8(ascii: "<") {
                element.children.append(try self.element(depth: depth + 1))
            } else if skip("&") {
                text += try entity()
            } else {
                guard index < bytes.count else { throw malformed("the document ends inside an element") }
                text.append(bytes[index])
                index += 1
            }
        }
    }

    /// Attributes carry nothing but namespaces and types here; they are skipped, not ignored: they must be well formed.
    private mutating func skipAttributes() throws(XMLElement.Malformed) {
        while true {
            let start = index
            skipSpace()
            guard index < bytes.count else { throw malformed("the document ends inside a tag") }
            if bytes[index] == UInt8(ascii: ">") || bytes[index] == UInt8(ascii: "/") { return }
            guard index > start else { throw malformed("no space before an attribute") }
            _ = try name()
            skipSpace()
            guard skip("=") else { throw malformed("an attribute has no value") }
            skipSpace()
            guard let quote = ["\"", "'"].first(where: { skip($0) }) else {
                throw malformed("an attribute's value is not quoted")
            }
            try skipPast(quote)
        }
    }

    private mutating func entity() throws(XMLElement.Malformed) -> [UInt8] {
        guard let end = bytes[index...].prefix(10).firstIndex(of: UInt8(ascii: ";")) else {
            throw malformed("an entity is not closed")
        }
        let name = String(decoding: bytes[index..<end], as: UTF8.self)
        let scalar: Unicode.Scalar?
        switch name {
        case "lt": scalar = "<"
        case "gt": scalar = ">"
        case "amp": scalar = "&"
        case "quot": scalar = "\""
        case "apos": scalar = "'"
        default:
            guard name.hasPrefix("#") else { throw malformed("an entity is not defined") }
            let isHexadecimal = name.hasPrefix("#x")
            scalar = UInt32(name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
                .flatMap(Unicode.Scalar.init)
        }
        guard let scalar else { throw malformed("a character reference names no character") }
        index = end + 1
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func name() throws(XMLElement.Malformed) -> String {
        let name = bytes[index...].prefix { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: ":"):
                true
            default: false
            }
        }
        guard !name.isEmpty else { throw malformed("a name was expected") }
        index = name.endIndex
        return String(decoding: name, as: UTF8.self)
    }

    private static func localName(_ name: String) -> String {
        String(name[(name.lastIndex(of: ":").map(name.index(after:)) ?? name.startIndex)...])
    }

    private mutating func skipBetweenElements() throws(XMLElement.Malformed) {
        skipSpace()
        while skip("<!--") {
            try skipPast("-->")
            skipSpace()
        }
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func skip(_ text: String) -> Bool {
        guard bytes[index...].starts(with: text.utf8) else { return false }
        index += text.utf8.count
        return true
    }

    private mutating func skipPast(_ text: String) throws(XMLElement.Malformed) {
        while index < bytes.count {
            if skip(text) { return }
            index += 1
        }
        throw malformed("the document ends before \(text)")
    }

    private func malformed(_ reason: String) -> XMLElement.Malformed {
        XMLElement.Malformed(reason: reason, offset: index)
    }
}
