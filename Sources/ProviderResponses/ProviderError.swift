internal import ArtifactStore

/// A provider's own account of what went wrong, read from the three shapes in use.
struct ProviderError {
    enum Style {
        /// `{"error": {message, type, param, code}}` (OpenAI API reference, "Error codes"), or with `error` as a bare
        /// text beside `code` (xAI).
        case openAI
        /// `{"error": {code: 400, message, status, details}}` (Google API design guide, "Error model").
        case google
    }

    let style: Style
    let message: String?
    /// The provider's words for the error, the most telling first.
    let codes: [String]
    /// The request's parameter at fault.
    let parameter: String?
    /// The status Google repeats in the body.
    let status: Int?
    /// Google's `RetryInfo`, such as `12s`.
    let retryDelay: String?

    /// Nil when the body has no error in a known shape.
    init?(_ body: JSONValue?) {
        // Google's streaming endpoints wrap the error object in an array.
        let body = body?.array?.first ?? body
        switch body?["error"] {
        case .string(let text)?:
            self.init(
                style: .openAI, message: text, codes: [body?["code"]?.string], parameter: nil, status: nil,
                retryDelay: nil)
        case let error? where error.members != nil:
            self.init(error)
        default: return nil
        }
    }

    private init(_ error: JSONValue) {
        let number = error["code"]?.integer
        guard let word = error["status"]?.string, number != nil else {
            self.init(
                style: .openAI, message: error["message"]?.string,
                codes: [
                    error["code"]?.string, error["type"]?.string, number.map(String.init),
                    error["innererror"]?["code"]?.string,
                ],
                parameter: error["param"]?.string, status: nil, retryDelay: nil)
            return
        }
        let details = error["details"]?.array ?? []
        let retryInfo = details.first { $0["@type"]?.string?.hasSuffix("google.rpc.RetryInfo") ?? false }
        self.init(
            style: .google, message: error["message"]?.string,
            codes: [word] + details.map { $0["reason"]?.string }, parameter: nil,
            status: number.flatMap { Int(exactly: $0) }, retryDelay: retryInfo?["retryDelay"]?.string)
    }

    private init(
        style: Style, message: String?, codes: [String?], parameter: String?, status: Int?, retryDelay: String?
    ) {
        self.style = style
        self.message = SafeText.message(message)
        self.codes = codes.compactMap { SafeText.orNothing($0) }
        self.parameter = SafeText.message(parameter, atMost: 64)
        self.status = status
        self.retryDelay = retryDelay
    }
}
