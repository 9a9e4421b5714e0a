internal import Crypto
internal import Foundation

/// The secrets that sign URLs of a directory storage: the first one signs, all of them are accepted.
///
/// To rotate, put a new key first and drop the old one when its URLs have expired (7 days at most). To revoke every URL
/// that a key signed, drop it at once: nothing else revokes one before it expires.
public struct URLSigningKeys: Sendable {
    /// One secret and its name.
    public struct Key: Sendable {
        /// What the URLs call it: 1 to 64 letters, digits, `-`, `_` and `.`. Not a secret.
        public let id: String
        let secret: SymmetricKey

        /// - Parameter secret: 32 random bytes or more.
        /// - Throws: ``StoreError`` `invalidInput`; the message holds nothing of the secret.
        public init(id: String, secret: [UInt8]) throws(StoreError) {
            let isName = id.utf8.allSatisfy { byte in
                byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
                    || "-_.".utf8.contains(byte)
            }
            guard (1...64).contains(id.utf8.count), isName else {
                throw StoreError(
                    .invalidInput, "the name of a signing key is \(id)",
                    hint: "Give 1 to 64 ASCII letters, digits, -, _ and dots.")
            }
            guard secret.count >= 32 else {
                throw StoreError(
                    .invalidInput, "the signing key \(id) has \(secret.count) bytes",
                    hint: "Give 32 random bytes or more, for example from `openssl rand -hex 32`.")
            }
            self.id = id
            self.secret = SymmetricKey(data: secret)
        }
    }

    let keys: [Key]

    /// - Throws: ``StoreError`` `invalidInput` for no key, or two with one name.
    public init(_ keys: [Key]) throws(StoreError) {
        guard !keys.isEmpty, Set(keys.map(\.id)).count == keys.count else {
            throw StoreError(
                .invalidInput, "the signing keys are \(keys.map(\.id).joined(separator: ", "))",
                hint: "Give at least one, each with a name of its own.")
        }
        self.keys = keys
    }

    /// Reads `id:hexadecimal` pairs with commas between them, as an environment variable holds them.
    ///
    /// - Throws: ``StoreError`` `invalidInput`; the message holds nothing of a secret.
    public init(_ text: String) throws(StoreError) {
        var keys: [Key] = []
        for (number, pair) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let parts = pair.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let secret = Self.bytes(parts[1]) else {
                throw StoreError(
                    .invalidInput, "signing key \(number + 1) is not a name, a colon and hexadecimal digits",
                    hint: "Write it as NAME:SECRET, with commas between several.")
            }
            keys.append(try Key(id: String(parts[0]), secret: secret))
        }
        try self.init(keys)
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        guard text.utf8.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var rest = text
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16), rest.first != "+", rest.first != "-" else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    func key(_ id: String) -> Key? {
        // By bytes: to Swift the Kelvin sign is a K.
        keys.first { $0.id.utf8.elementsEqual(id.utf8) }
    }
}

extension URLSigningKeys: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "signing keys \(keys.map(\.id).joined(separator: ", "))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension URLSigningKeys.Key: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "signing key \(id)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
