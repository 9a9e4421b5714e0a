internal import Crypto
public import Foundation

/// Signs the URLs under which a service of the host's serves the objects of a directory storage, and checks them when
/// they come in.
///
/// The form is `BASE/KEY?expires=…&key=…[&disposition=…][&type=…]&signature=…`, the signature HMAC-SHA256 over a purpose,
/// the method, the bucket, the object key, the end and the headers, each with its length before it: no other text has
/// the same bytes, and no signature made for something else fits.
public struct DirectoryURLSigner: Sendable {
    private let base: String
    private let keys: URLSigningKeys

    /// - Parameters:
    ///   - base: Where the service serves objects, such as `https://renders.example/objects`: http or https, without
    ///     query and fragment.
    ///   - keys: The first one signs.
    /// - Throws: ``StoreError`` `invalidInput`.
    public init(base: URL, keys: URLSigningKeys) throws(StoreError) {
        guard ["http", "https"].contains(base.scheme), base.host()?.isEmpty == false, base.query() == nil,
            base.fragment() == nil, base.user() == nil
        else {
            throw StoreError(
                .invalidInput, "signed URLs cannot begin with the base that was given",
                hint: "Give http:// or https:// with a host, and no user, query or fragment.")
        }
        let text = base.absoluteString
        self.base = text.hasSuffix("/") ? String(text.dropLast()) : text
        self.keys = keys
    }

    var credential: SigningCredential { SigningCredential(id: keys.keys.first?.id ?? "") }

    /// - Throws: ``StoreError`` `objectStorage` when the key is not there any more.
    func url(for signing: URLSigning, in bucket: String) throws(StoreError) -> URL {
        guard let key = keys.key(signing.credentialId) else { throw Self.noKey(signing.credentialId) }
        let code = HMAC<SHA256>.authenticationCode(for: Self.message(signing, bucket), using: key.secret)
        let query = Self.query(signing, signature: Self.hexadecimal(code))
        guard let url = URL(string: "\(base)/\(Self.path(of: signing.key))?\(query)") else {
            throw StoreError(
                .objectStorage, "no URL can be made for the object key \(signing.key)", hint: "Report this key.")
        }
        return url
    }

    /// Checks a request that came in under a signed URL.
    ///
    /// - Parameters:
    ///   - path: The request's path behind the base, still percent-encoded, without its leading slash.
    ///   - query: The request's query, without the question mark.
    ///   - method: The request's method. A URL is good for the one it was signed for.
    /// - Returns: The object to serve, and the headers to serve it with.
    /// - Throws: ``SignedURLRejection``. Answer 403 whatever it says, and log the reason alone.
    public func check(
        path: String, query: String, method: SigningMethod, bucket: String, now: Timestamp
    ) throws(SignedURLRejection) -> SignedObject {
        let fields = Self.fields(query)
        guard let text = path.removingPercentEncoding, let object = try? ObjectKey(text),
            let seconds = fields["expires"].flatMap(Int64.init),
            let expiresAt = Timestamp(milliseconds: seconds.multipliedReportingOverflow(by: 1000).partialValue),
            let id = fields["key"], let type = fields["type"], let signature = fields["signature"]
        else { throw .malformed }
        // An empty one is signed like none.
        let disposition = fields["disposition"].flatMap { $0.isEmpty ? nil : $0 }
        let signing = URLSigning(
            key: object, method: method, disposition: disposition, contentType: type, credentialId: id,
            signedAt: .earliest, expiresAt: expiresAt)
        // A URL has one spelling: whatever was added, repeated, put in another order or written in another way shows.
        guard Self.path(of: object).utf8.elementsEqual(path.utf8),
            Self.query(signing, signature: signature).utf8.elementsEqual(query.utf8)
        else { throw .malformed }
        guard let key = keys.key(id) else { throw .unknownKey }
        let code = HMAC<SHA256>.authenticationCode(for: Self.message(signing, bucket), using: key.secret)
        guard Self.isEqual(Self.hexadecimal(code), signature) else { throw .wrongSignature }
        // After the signature: otherwise anybody could find out what the clock says.
        guard now < expiresAt else { throw .expired }
        return SignedObject(key: object, disposition: disposition, contentType: type)
    }

    /// What a query says, in whatever spelling; of a name that comes again, the last value.
    private static func fields(_ query: String) -> [String: String] {
        var fields: [String: String] = [:]
        for field in query.split(separator: "&") {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            fields[String(parts[0])] = parts.count == 2 ? parts[1].removingPercentEncoding : nil
        }
        return fields
    }

    private static func path(of key: ObjectKey) -> String {
        key.text.split(separator: "/").map { encoded(String($0)) }.joined(separator: "/")
    }

    private static func query(_ signing: URLSigning, signature: String) -> String {
        let fields = [
            ("expires", "\(signing.expiresAt.milliseconds / 1000)"), ("key", signing.credentialId),
            ("disposition", signing.disposition), ("type", signing.contentType), ("signature", signature),
        ]
        return fields.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }.joined(separator: "&")
    }

    private static func message(_ signing: URLSigning, _ bucket: String) -> Data {
        let parts = [
            "swift-artifact-store signed object URL 1", signing.method.rawValue, bucket, signing.key.text,
            "\(signing.expiresAt.milliseconds / 1000)", signing.disposition ?? "", signing.contentType,
        ]
        return Data(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8)
    }

    /// In a time that depends on the length alone.
    private static func isEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Everything but RFC 3986's unreserved characters.
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    private static func hexadecimal(_ code: HMAC<SHA256>.MAC) -> String {
        code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func noKey(_ id: String) -> StoreError {
        StoreError(
            .objectStorage, "the signing key \(id) is not among those given", hint: "Sign with a key that is there.")
    }
}

/// What a signed URL asks a service to send.
public struct SignedObject: Sendable, Equatable {
    public let key: ObjectKey
    /// The `Content-Disposition` to send; nil for none.
    public let disposition: String?
    /// The `Content-Type` to send, together with `X-Content-Type-Options: nosniff`.
    public let contentType: String
}

/// Why a signed URL was refused. None of them says more to the one who asked.
public enum SignedURLRejection: Error, Sendable, Equatable {
    /// Not of the form that ``DirectoryURLSigner`` makes.
    case malformed
    /// Its key was dropped, or never was.
    case unknownKey
    /// Something in it was changed, or it was signed for another method, bucket or service.
    case wrongSignature
    case expired
}
