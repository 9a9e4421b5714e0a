public import ArtifactStore

/// Where an S3 service answers, and how buckets are named in its addresses.
public struct S3Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// Where the bucket's name goes.
    public enum Style: String, Sendable {
        /// `https://host/bucket/key`: for servers under one name, and for bucket names with dots.
        case path
        /// `https://bucket.host/key`: what AWS asks for.
        case virtualHost
    }

    /// `http` or `https`.
    public let scheme: String
    /// The host alone, in lower case; an IPv6 address in brackets.
    let host: String
    /// The host and, where it is not the scheme's own, the port.
    public let authority: String
    /// Where the bucket's name goes.
    public let style: Style

    /// Reads an endpoint such as `https://s3.eu-central-1.amazonaws.com` or `http://127.0.0.1:8333`.
    ///
    /// - Parameter text: Scheme, host and optional port; no path, query, fragment or user.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput`. It does not repeat the text, which may hold a
    ///   password where a user name was mistaken for part of an endpoint.
    public init(_ text: String, style: Style = .path) throws(StoreError) {
        guard let parts = text.wholeMatch(of: /(?i)(https?):\/\/([a-z0-9.\-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?\/?/)
        else { throw Self.refusal("is no address of the form https://host:port") }
        scheme = parts.output.1.lowercased()
        let host = parts.output.2.lowercased()
        guard !host.hasPrefix("."), !host.hasPrefix("-"), !host.contains("..") else {
            throw Self.refusal("has a host that begins with a dot or hyphen, or has two dots in a row")
        }
        guard style == .path || !host.hasPrefix("[") else {
            throw Self.refusal("is an IP address, which has no room for a bucket's name")
        }
        if let digits = parts.output.3 {
            guard let port = Int(digits), (1...65_535).contains(port) else {
                throw Self.refusal("has a port outside 1 to 65535")
            }
            // Clients leave the scheme's own port out of the Host header, so the signature must too.
            authority = port == (scheme == "https" ? 443 : 80) ? host : "\(host):\(port)"
        } else {
            authority = host
        }
        self.host = host
        self.style = style
    }

    /// The endpoint of AWS in a region, in virtual-host style.
    ///
    /// - Parameter region: Such as `eu-central-1`.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the region cannot be part of a host name.
    public static func aws(region: String, style: Style = .virtualHost) throws(StoreError) -> S3Endpoint {
        try check(region: region)
        return try S3Endpoint("https://s3.\(region).\(domain(ofRegion: region))", style: style)
    }

    static func domain(ofRegion region: String) -> String {
        region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    }

    /// A region goes into host names and into the signature's scope.
    static func check(region: String) throws(StoreError) {
        guard region.wholeMatch(of: /[a-z0-9][a-z0-9\-]{0,62}/) != nil else {
            throw StoreError(
                .invalidInput, "the S3 region is no region's name",
                hint: "Give lower-case letters, digits and hyphens, such as eu-central-1.")
        }
    }

    /// Also refuses a bucket whose dots would not match the certificate of `*.host`.
    func check(bucket: String) throws(StoreError) {
        guard bucket.wholeMatch(of: /[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]/) != nil, !bucket.contains("..") else {
            throw StoreError(
                .invalidInput, "the bucket name breaks the rules of S3",
                hint: "Give 3 to 63 lower-case letters, digits, hyphens and single dots, no hyphen or dot at the ends.")
        }
        guard style == .path || scheme == "http" || !bucket.contains(".") else {
            throw StoreError(
                .invalidInput, "the bucket \(bucket) has a dot, which no certificate for bucket.host covers",
                hint: "Use path style for it.")
        }
    }

    func host(forBucket bucket: String) -> String {
        style == .virtualHost ? "\(bucket).\(authority)" : authority
    }

    public var description: String { "\(scheme)://\(authority)" }

    private static func refusal(_ reason: String) -> StoreError {
        StoreError(
            .invalidInput, "the S3 endpoint \(reason)",
            hint: "Give scheme, host and port alone, such as http://127.0.0.1:8333.")
    }
}
