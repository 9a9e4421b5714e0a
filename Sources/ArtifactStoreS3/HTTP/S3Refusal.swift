internal import ArtifactStore

/// What an answer that is no success says, without a word of the server's own text: that may repeat a signature.
struct S3Refusal: CustomStringConvertible {
    let status: Int
    /// S3's own code, such as `AccessDenied`; nil when the answer has no body that says one.
    let code: String?
    /// What the service's operators ask for.
    let requestId: String?
    /// Where the bucket is, when S3 says so.
    let bucketRegion: String?

    init(_ answer: S3HTTPResponse) {
        status = answer.status
        let root = answer.body.first == UInt8(ascii: "<") ? try? XMLElement.parse(answer.body) : nil
        // S3 answers <Error>; STS <ErrorResponse><Error>.
        let error = root?.name == "Error" ? root : root?["Error"]
        code = Self.plain(error?["Code"]?.text)
        requestId = Self.plain(answer.header("x-amz-request-id") ?? root?["RequestId"]?.text)
        bucketRegion = Self.plain(answer.header("x-amz-bucket-region"))
    }

    var description: String {
        "\(status)" + (code.map { " \($0)" } ?? "") + (requestId.map { " (request \($0))" } ?? "")
    }

    /// The error for a call that was refused for good.
    func error(_ what: String) -> StoreError {
        StoreError(.objectStorage, "S3 refused the \(what): \(description)", hint: hint)
    }

    private var hint: String {
        switch code {
        case "NoSuchBucket": return "Make the bucket, or mend its name."
        case "AccessDenied": return "Permit the credentials this call on this bucket."
        case "InvalidAccessKeyId", "SignatureDoesNotMatch": return "Mend the access key id and secret access key."
        case "ExpiredToken", "ExpiredTokenException", "InvalidToken": return "Renew the temporary credentials."
        case "RequestTimeTooSkewed": return "Set this machine's clock: it is more than 15 minutes off."
        case "NotImplemented": return "This server lacks what the call needs; conditional writes are required."
        default: break
        }
        if let bucketRegion { return "The bucket is in \(bucketRegion): set the region and endpoint to it." }
        switch status {
        case 301, 307: return "Set the region and endpoint to those of the bucket."
        case 401, 403: return "Check the credentials, their permissions and this machine's clock."
        case 404: return "Check the bucket's name and the endpoint."
        default: return "Look the code up in the service's documentation."
        }
    }

    /// Only what looks like a code or an id goes into messages.
    static func plain(_ text: String?) -> String? {
        guard let text, text.wholeMatch(of: /[A-Za-z0-9.\-]{1,64}/) != nil else { return nil }
        return text
    }
}
