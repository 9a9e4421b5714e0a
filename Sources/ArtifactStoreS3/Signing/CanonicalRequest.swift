/// The text that is hashed and signed.
struct CanonicalRequest {
    let text: String
    let signedHeaders: String

    init(
        method: S3Request.Method, path: String, query: String, headers: [S3Request.Field],
        payload: S3Request.Payload
    ) {
        signedHeaders = Self.signedHeaders(headers)
        text = [
            method.rawValue, path, query, Self.headerLines(headers), "", signedHeaders, payload.text,
        ].joined(separator: "\n")
    }

    /// Encoded, then sorted by name and value: in this order, since encoding changes what sorts first.
    static func query(_ fields: [S3Request.Field]) -> String {
        fields.map { (name: PercentEncoding.query($0.name), value: PercentEncoding.query($0.value)) }
            .sorted { $0.name == $1.name ? $0.value < $1.value : $0.name < $1.name }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }

    static func encoded(_ field: S3Request.Field) -> String {
        "\(PercentEncoding.query(field.name))=\(PercentEncoding.query(field.value))"
    }

    static func signedHeaders(_ headers: [S3Request.Field]) -> String {
        Set(headers.map { $0.name.lowercased() }).sorted().joined(separator: ";")
    }

    /// One line a name, sorted; several values of one name in the order given, joined by commas.
    private static func headerLines(_ headers: [S3Request.Field]) -> String {
        Dictionary(grouping: headers) { $0.name.lowercased() }
            .sorted { $0.key < $1.key }
            .map { name, fields in "\(name):\(fields.map { trimmed($0.value) }.joined(separator: ","))" }
            .joined(separator: "\n")
    }

    /// White space at the ends goes, and runs of it become one space.
    private static func trimmed(_ value: String) -> String {
        value.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
            .map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: " ")
    }
}
