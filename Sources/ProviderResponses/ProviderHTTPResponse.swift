public import ArtifactStore
public import Foundation

/// What a provider sent back over HTTP, live or from a recorded file: the input of every ``ProviderResponse`` call.
public struct ProviderHTTPResponse: Sendable {
    /// A body that is JSON, or the bytes of one that is not (an HTML error page, nothing at all).
    public enum Body: Sendable {
        case json(JSONValue)
        case other(Data)
    }

    /// The HTTP status, 100 to 599.
    public let httpStatus: Int
    /// The body.
    public let body: Body
    private let valuesByLowerCaseName: [String: String]

    /// A live answer. Bytes that are not valid JSON are kept as they are: a failed request often has such a body.
    ///
    /// - Throws: ``StoreError`` with code `invalidInput` when the status is not 100 to 599.
    public init(httpStatus: Int, headers: [String: String] = [:], body: Data) throws(StoreError) {
        let json = try? JSONParser.parse(body)
        try self.init(httpStatus: httpStatus, headers: headers, body: json.map(Body.json) ?? .other(body))
    }

    /// A recorded answer: a JSON object of `httpStatus` (a whole number), `headers` (an object of texts, may be left
    /// out) and `body` (the JSON value, or a string for a body that was not JSON; null or left out when it was empty).
    ///
    /// - Throws: ``StoreError`` with code `invalidInput` for an unknown or missing key, a value of another kind, a
    ///   header that appears twice, or a status that is not 100 to 599.
    public init(recorded: JSONValue) throws(StoreError) {
        guard let members = recorded.members else {
            throw Self.refusal("the recorded answer is not a JSON object", "Give httpStatus, headers and body.")
        }
        for member in members where !["httpStatus", "headers", "body"].contains(member.name) {
            throw Self.refusal(
                "the recorded answer has the unknown key \"\(SafeText.cut(member.name, to: 64))\"",
                "Only httpStatus, headers and body are known.")
        }
        guard let status = recorded["httpStatus"]?.integer.flatMap({ Int(exactly: $0) }) else {
            throw Self.refusal("httpStatus is missing or not a whole number", "Give the HTTP status, 100 to 599.")
        }
        let body: Body
        switch recorded["body"] ?? .null {
        case .null: body = .other(Data())
        case .string(let text): body = .other(Data(text.utf8))
        case let value: body = .json(value)
        }
        try self.init(httpStatus: status, headers: Self.headers(recorded["headers"]), body: body)
    }

    private init(httpStatus: Int, headers: [String: String], body: Body) throws(StoreError) {
        guard (100...599).contains(httpStatus) else {
            throw Self.refusal("httpStatus is \(httpStatus)", "Give the HTTP status, 100 to 599.")
        }
        self.httpStatus = httpStatus
        self.body = body
        // Names that differ in case only are one field, and RFC 9110 section 5.3 joins repeated fields with a comma.
        valuesByLowerCaseName = Dictionary(
            headers.sorted { $0.key < $1.key }.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { "\($0), \($1)" })
    }

    /// The value of a header, whatever the case of its name.
    public func header(_ name: String) -> String? {
        valuesByLowerCaseName[name.lowercased()]
    }

    /// The body, when it is JSON.
    public var json: JSONValue? {
        guard case .json(let value) = body else { return nil }
        return value
    }

    private static func headers(_ recorded: JSONValue?) throws(StoreError) -> [String: String] {
        guard let recorded else { return [:] }
        guard let members = recorded.members else {
            throw refusal("headers is not a JSON object", "Give an object of header names and texts.")
        }
        var headers: [String: String] = [:]
        for member in members {
            let name = SafeText.cut(member.name, to: 64)
            guard let text = member.value.string else {
                throw refusal("headers.\(name) is not a text", "Put header values in quotes.")
            }
            guard headers.updateValue(text, forKey: member.name.lowercased()) == nil else {
                throw refusal("headers.\(name) appears twice", "Header names are the same whatever their case.")
            }
        }
        return headers
    }

    private static func refusal(_ message: String, _ hint: String) -> StoreError {
        StoreError(.invalidInput, message, hint: hint)
    }
}
