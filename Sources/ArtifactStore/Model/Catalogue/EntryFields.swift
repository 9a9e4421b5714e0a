/// The members of an entry that somebody else wrote. Unknown ones are theirs; null is as if it were not there.
struct EntryFields {
    private let members: [String: JSONValue]

    /// - Throws: ``DeclarationFlaw`` when the entry is no object.
    init(_ entry: JSONValue, _ name: String) throws(DeclarationFlaw) {
        guard let members = entry.members else {
            throw DeclarationFlaw(name, "is not a JSON object")
        }
        self.members = Dictionary(members.filter { $0.value != .null }.map { ($0.name, $0.value) }) { first, _ in first
        }
    }

    var names: [String] { members.keys.sorted() }

    func value(_ name: String) -> JSONValue? { members[name] }

    func text(_ name: String) throws(DeclarationFlaw) -> String? {
        try members[name].map { value throws(DeclarationFlaw) in
            guard let text = value.string else { throw DeclarationFlaw(name, "is not a string") }
            return text
        }
    }

    func bool(_ name: String) throws(DeclarationFlaw) -> Bool? {
        try members[name].map { value throws(DeclarationFlaw) in
            guard let flag = value.bool else { throw DeclarationFlaw(name, "is neither true nor false") }
            return flag
        }
    }

    /// The digits of a number.
    func number(_ name: String) throws(DeclarationFlaw) -> String? {
        try members[name].map { value throws(DeclarationFlaw) in
            guard case .number(let literal) = value else { throw DeclarationFlaw(name, "is not a number") }
            return literal
        }
    }

    /// The strings of an array; nil for an empty one, which declares nothing.
    func texts(_ name: String) throws(DeclarationFlaw) -> [String]? {
        guard let value = members[name] else { return nil }
        var texts: [String] = []
        for element in value.array ?? [.null] {
            guard let text = element.string else {
                throw DeclarationFlaw(name, "is not an array of strings")
            }
            texts.append(text)
        }
        return texts.isEmpty ? nil : texts
    }

    func modalities(_ name: String) throws(DeclarationFlaw) -> [Modality]? {
        try texts(name)?.map { text throws(DeclarationFlaw) in
            guard let modality = Modality(rawValue: text) else {
                throw DeclarationFlaw(name, "names no modality by \"\(text.prefix(64))\"")
            }
            return modality
        }
    }
}
