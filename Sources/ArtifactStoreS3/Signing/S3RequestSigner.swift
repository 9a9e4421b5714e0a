public import ArtifactStore
internal import Crypto
internal import Foundation

/// AWS Signature Version 4 for S3: a pure value, which reads no clock, no environment and no file.
///
/// The same request at the same moment always gets the same signature, so a signed URL can be derived again from what
/// is known about it.
public struct S3RequestSigner: Sendable {
    let credentials: S3Credentials
    let region: String

    /// How long a presigned URL may be valid, in seconds: up to seven days, which is S3's own limit.
    public static let validitySeconds: ClosedRange<Int> = 1...604_800

    /// A signer for one region.
    ///
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the region is none.
    public init(credentials: S3Credentials, region: String) throws(StoreError) {
        try S3Endpoint.check(region: region)
        self.credentials = credentials
        self.region = region
    }

    /// Signs a request by headers.
    ///
    /// - Parameter moment: The time that the signature states; S3 accepts 15 minutes of difference from its own.
    /// - Returns: The request's own headers and those the signature needs: `host`, `x-amz-content-sha256`,
    ///   `x-amz-date`, `x-amz-security-token` and `authorization`.
    public func sign(_ request: S3Request, at moment: Timestamp) -> S3HTTPRequest {
        let time = SigningTime(moment)
        var headers = request.headers
        headers.append(.init("host", request.host))
        headers.append(.init("x-amz-content-sha256", request.payload.text))
        headers.append(.init("x-amz-date", time.text))
        if let token = credentials.sessionToken { headers.append(.init("x-amz-security-token", token.reveal())) }
        let query = CanonicalRequest.query(request.query)
        let canonical = CanonicalRequest(
            method: request.method, path: request.path, query: query, headers: headers, payload: request.payload)
        headers.append(
            .init(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=\(credential(time)), SignedHeaders=\(canonical.signedHeaders), "
                    + "Signature=\(signature(of: canonical, at: time))"))
        let suffix = query.isEmpty ? "" : "?\(query)"
        return S3HTTPRequest(
            method: request.method.rawValue,
            url: "\(request.endpoint.scheme)://\(request.host)\(request.path)\(suffix)",
            headers: headers)
    }

    /// Signs a request by its query, so that the URL alone is enough to make it.
    ///
    /// The request's headers are signed too: whoever uses the URL must send exactly these. Its payload is not.
    ///
    /// - Parameter moment: When the URL begins to be valid.
    /// - Parameter seconds: How long it stays valid, 1 to 604,800. A session token that expires earlier ends it earlier.
    /// - Throws: ``ArtifactStore/StoreError`` with code `invalidInput` when the validity is out of range.
    public func presign(
        _ request: S3Request, at moment: Timestamp, validForSeconds seconds: Int
    ) throws(StoreError) -> S3SignedURL {
        guard Self.validitySeconds.contains(seconds) else {
            throw StoreError(
                .invalidInput, "a signed URL cannot be valid for \(seconds) seconds",
                hint: "Give 1 to \(Self.validitySeconds.upperBound) seconds: S3 accepts seven days at most.")
        }
        let time = SigningTime(moment)
        let headers = request.headers + [.init("host", request.host)]
        var added: [S3Request.Field] = [
            .init("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            .init("X-Amz-Credential", credential(time)),
            .init("X-Amz-Date", time.text),
            .init("X-Amz-Expires", String(seconds)),
            .init("X-Amz-SignedHeaders", CanonicalRequest.signedHeaders(headers)),
        ]
        if let token = credentials.sessionToken { added.append(.init("X-Amz-Security-Token", token.reveal())) }
        let canonical = CanonicalRequest(
            method: request.method, path: request.path, query: CanonicalRequest.query(request.query + added),
            headers: headers, payload: .unsigned)
        let fields = request.query + added + [.init("X-Amz-Signature", signature(of: canonical, at: time))]
        let query = fields.map(CanonicalRequest.encoded).joined(separator: "&")
        let end = time.moment.advanced(by: .seconds(seconds))
        return S3SignedURL(
            url: Redacted("\(request.endpoint.scheme)://\(request.host)\(request.path)?\(query)"),
            method: request.method, signedHeaders: request.headers, signedAt: time.moment,
            expiresAt: min(end, credentials.expiresAt ?? end))
    }

    private func credential(_ time: SigningTime) -> String {
        "\(credentials.accessKeyId)/\(scope(time))"
    }

    private func scope(_ time: SigningTime) -> String {
        "\(time.day)/\(region)/s3/aws4_request"
    }

    private func signature(of canonical: CanonicalRequest, at time: SigningTime) -> String {
        let text = "AWS4-HMAC-SHA256\n\(time.text)\n\(scope(time))\n\(SHA256Hex.of(canonical.text.utf8))"
        var key = SymmetricKey(data: Data("AWS4\(credentials.secretAccessKey.reveal())".utf8))
        for step in [time.day, region, "s3", "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(step.utf8), using: key))
        }
        return HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).hexadecimal
    }
}

extension S3Request.Payload {
    var text: String {
        switch self {
        case .unsigned: "UNSIGNED-PAYLOAD"
        case .sha256(let digest): digest
        }
    }
}

/// A moment as signatures state it, to the second.
private struct SigningTime {
    /// `20130524T000000Z`.
    let text: String
    /// `20130524`.
    let day: String
    /// Cut to the second: what the text says, and what validity is counted from.
    let moment: Timestamp

    init(_ moment: Timestamp) {
        self.moment = Timestamp(clamping: moment.milliseconds / 1000 * 1000)
        // 2013-05-24T00:00:00.000Z without its separators and its fraction.
        text = moment.description.prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" } + "Z"
        day = String(text.prefix(8))
    }
}
