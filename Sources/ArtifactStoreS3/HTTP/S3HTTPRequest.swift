public import Foundation

/// A request as it goes over the wire. Its description leaves out query, headers and body, where secrets are.
public struct S3HTTPRequest: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public let method: String
    /// With its query, percent-encoded.
    public let url: String
    /// To be sent as they are, `host` and `authorization` included.
    public let headers: [S3Request.Field]
    public var body: Data

    /// A request from its parts.
    public init(method: String, url: String, headers: [S3Request.Field], body: Data = Data()) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    public var description: String { "\(method) \(url.prefix { $0 != "?" })" }
    /// The same as ``description``.
    public var debugDescription: String { description }
    /// Without children: `dump` and debuggers walk mirrors.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// The value of a header, whatever the case of its name.
    func header(_ name: String) -> String? { headers.value(name) }
}

/// An answer with its whole body.
public struct S3HTTPResponse: Sendable {
    public let status: Int
    public let headers: [S3Request.Field]
    public let body: Data

    /// An answer from its parts.
    public init(status: Int, headers: [S3Request.Field] = [], body: Data = Data()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of a header, whatever the case of its name.
    func header(_ name: String) -> String? { headers.value(name) }
}

extension [S3Request.Field] {
    fileprivate func value(_ name: String) -> String? {
        first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
