/// What sends one request and brings back one answer. It retries nothing and follows no redirect: a signature is
/// good for one address.
public protocol S3Transport: Sendable {
    /// Sends a request and reads the whole answer.
    ///
    /// - Parameter timeout: For everything, from connecting to the last byte of the answer.
    /// - Parameter bodyLimit: In bytes. A longer answer is abandoned, before it is read where its length is announced.
    /// - Throws: ``S3TransportFailure`` or `CancellationError`.
    func send(_ request: S3HTTPRequest, timeout: Duration, bodyLimit: Int) async throws -> S3HTTPResponse
}

/// Why there is no answer.
public enum S3TransportFailure: Error, Sendable, Hashable {
    /// Nothing arrived in time. The request may have been carried out.
    case timedOut
    /// The connection failed, before or after the request was sent.
    ///
    /// - Parameter kind: The kind of failure, such as `connectTimeout`; never an address or a header.
    case connection(kind: String)
    /// The answer's body is longer than the limit; how long, where the answer says so.
    case bodyTooLong(byteCount: Int64?)
}
