internal import ArtifactStore
internal import Foundation

/// Signs requests to one bucket and sends them until there is a final answer.
struct S3Client: Sendable {
    let configuration: S3Configuration
    let credentials: any S3CredentialsProvider
    let http: RetryingTransport

    /// Answers to lists and refusals; a list of 1,000 keys of 1,024 encoded bytes takes 4 MiB.
    static let answerLimit = 16_777_216

    /// One request of a call.
    struct Call {
        /// For errors, such as `PUT of a/b.png`.
        var what: String
        var method: S3Request.Method
        var key = ""
        var query: [S3Request.Field] = []
        var headers: [S3Request.Field] = []
        var body = Data()
        /// Of the body, in hexadecimal; nil to compute it.
        var sha256: String?
        var answerLimit = S3Client.answerLimit
    }

    /// - Parameter deadline: Of the whole call that this request is part of.
    /// - Throws: `StoreError`, `CancellationError`, or `S3TransportFailure.bodyTooLong`.
    func send(_ call: Call, deadline: Duration) async throws -> S3HTTPResponse {
        let request = request(call)
        var isRenewed = false
        while true {
            var used: S3Credentials?
            let answer = try await http.send(call.what, deadline: deadline, bodyLimit: call.answerLimit) {
                let found = try await currentCredentials()
                used = found
                let signer = try S3RequestSigner(credentials: found, region: configuration.region)
                var signed = signer.sign(request, at: http.timing.now())
                signed.body = call.body
                return signed
            }
            guard !isRenewed, let used, Self.saysExpired(answer) else { return answer }
            // Refused before their time: revoked, or this clock is behind. New ones get one chance.
            await credentials.discard(used)
            isRenewed = true
        }
    }

    func currentCredentials() async throws -> S3Credentials {
        guard let found = try await credentials.credentials() else {
            throw StoreError(
                .objectStorage, "there are no S3 credentials",
                hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another source that the S3 page names.")
        }
        return found
    }

    /// Renewed ones, when those at hand end before a moment.
    func credentials(goodUntil moment: Timestamp) async throws -> S3Credentials {
        let found = try await currentCredentials()
        guard found.expires(by: moment) else { return found }
        await credentials.discard(found)
        return try await currentCredentials()
    }

    private func request(_ call: Call) -> S3Request {
        S3Request(
            call.method, endpoint: configuration.endpoint, bucket: configuration.bucket, key: call.key,
            query: call.query, headers: call.headers, payload: .sha256(call.sha256 ?? SHA256Hex.of(call.body)))
    }

    private static func saysExpired(_ answer: S3HTTPResponse) -> Bool {
        guard [400, 401, 403].contains(answer.status), let code = S3Refusal(answer).code else { return false }
        return ["ExpiredToken", "ExpiredTokenException", "InvalidToken"].contains(code)
    }

    /// The base64 form in which S3 keeps checksums, of a digest in hexadecimal.
    static func checksum(_ sha256: String) -> String {
        let digits = sha256.utf8.map { UInt8($0 & 0x0F) + ($0 > UInt8(ascii: "9") ? 9 : 0) }
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        return Data(bytes).base64EncodedString()
    }
}
