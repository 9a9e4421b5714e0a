/// How long each kind of text may be, in bytes of UTF-8. The schema holds the same numbers.
public enum TextLimit {
    /// Artifact ids.
    public static let artifactId = 128
    /// Run ids, owners, model and provider names, versions, request fields, provider codes.
    public static let name = 256
    /// Idempotency keys: a name, less room for the suffix that tells the images of one answer apart.
    public static let idempotencyKey = 240
    /// Prompts, revised prompts and the parts a prompt was composed of.
    public static let prompt = 131_072
    /// Failure messages and guidance.
    public static let message = 8_192
    /// Extra request parameters and the provider's usage, as JSON text.
    public static let json = 262_144
    /// Object keys (the S3 limit).
    public static let objectKey = 1_024
}

/// The rules every durable text obeys; the schema states them again as CHECK constraints.
package enum TextRule {
    /// Checks length, NUL and signed query strings.
    ///
    /// - Throws: ``StoreError`` with code `invalidInput`, naming the field and never the text.
    package static func check(_ text: String, _ field: String, atMost limit: Int = TextLimit.name) throws(StoreError) {
        let length = text.utf8.count
        guard length > 0 else {
            throw .invalid(field, "is empty", hint: "Give it a value of 1 to \(limit) bytes.")
        }
        try checkAllowingEmpty(text, field, atMost: limit)
    }

    static func checkAllowingEmpty(_ text: String, _ field: String, atMost limit: Int) throws(StoreError) {
        let length = text.utf8.count
        guard length <= limit else {
            throw .invalid(
                field, "is \(length) bytes long", hint: "At most \(limit) bytes are stored; shorten it.")
        }
        switch scan(text) {
        case .clean: return
        case .nul:
            // SQLite's C strings end at NUL: bound that way, "a\0b" would be stored as "a".
            throw .invalid(field, "holds a NUL character", hint: "Remove it: no column stores NUL.")
        case .signedQuery:
            throw .invalid(
                field, "holds a signed URL's query",
                hint: "Signed URLs expire and are never stored; store the object reference instead.")
        }
    }

    package static func check(_ text: String?, _ field: String, atMost limit: Int = TextLimit.name) throws(StoreError) {
        if let text { try check(text, field, atMost: limit) }
    }

    /// Checks a JSON object that will be stored: its text must parse again, so that it comes back as it went in.
    static func check(_ object: JSONValue, _ field: String) throws(StoreError) {
        guard object.members != nil else {
            throw .invalid(field, "is not a JSON object", hint: "Put the values under names.")
        }
        let text = object.compactText
        try check(text, field, atMost: TextLimit.json)
        // A number made by hand may hold any text, such as "1,2".
        guard let parsed = try? JSONParser.parse(text), parsed == object else {
            throw .invalid(
                field, "would not come back as it went in: it is nested too deep, or a name or number in it is no JSON",
                hint: "Mend the value.")
        }
    }

    private enum Finding {
        case clean, nul, signedQuery
    }

    private static func scan(_ text: String) -> Finding {
        var text = text
        return text.withUTF8 { bytes in
            var hasSignature = false
            var hasExpiry = false
            for index in bytes.indices {
                let byte = bytes[index]
                if byte == 0 { return .nul }
                guard byte == UInt8(ascii: "=") else { continue }
                if ends(bytes, at: index, with: "x-amz-signature") || ends(bytes, at: index, with: "x-goog-signature") {
                    return .signedQuery
                }
                hasSignature = hasSignature || ends(bytes, at: index, with: "sig")
                hasExpiry = hasExpiry || ends(bytes, at: index, with: "se")
            }
            return hasSignature && hasExpiry ? .signedQuery : .clean
        }
    }

    /// Whether the bytes before `end` are `word`, ASCII case aside, as SQLite's LIKE compares.
    private static func ends(_ bytes: UnsafeBufferPointer<UInt8>, at end: Int, with word: StaticString) -> Bool {
        let start = end - word.utf8CodeUnitCount
        guard start >= 0 else { return false }
        for offset in 0..<word.utf8CodeUnitCount {
            let byte = bytes[start + offset]
            let lowered = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            guard lowered == word.utf8Start[offset] else { return false }
        }
        return true
    }
}
