/// What lines of an export hold beyond text and optional numbers.
extension JSONFields {
    func number(_ name: String) throws(StoreError) -> Int64 {
        _ = try required(name)
        guard let number = try integer(name) else { throw .invalid(name, "is missing", hint: "Give it.") }
        return number
    }

    func time(_ name: String) throws(StoreError) -> Timestamp {
        guard let time = Timestamp(try requiredText(name)) else {
            throw .invalid(name, "is no time", hint: "Times are RFC 3339 in UTC with milliseconds.")
        }
        return time
    }

    /// One of the words of a closed list.
    func word<Word: RawRepresentable<String>>(_ name: String) throws(StoreError) -> Word {
        guard let word = Word(rawValue: try requiredText(name)) else {
            throw .invalid(name, "is an unknown word", hint: "The words are in Docs/CLI.md.")
        }
        return word
    }
}
