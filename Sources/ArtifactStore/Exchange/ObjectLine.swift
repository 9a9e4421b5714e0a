/// One line of `objects.ndjson`: which bytes an artifact has. Artifacts with the same bytes share one file.
struct ObjectLine: Sendable {
    let artifactId: ArtifactID
    let byteCount: Int64
    let sha256: String

    var text: String {
        JSONValue.object(fields: [
            ("artifactId", .string(artifactId.text)), ("byteCount", .integer(byteCount)), ("sha256", .string(sha256)),
        ]).compactText
    }

    /// Reads a line of `objects.ndjson`.
    ///
    /// - Throws: ``StoreError`` `invalidInput` naming the field.
    static func parse(_ json: JSONValue) throws -> ObjectLine {
        let fields = try JSONFields(json, "object", known: ["artifactId", "byteCount", "sha256"])
        let line = ObjectLine(
            artifactId: ArtifactID(try fields.requiredText("artifactId")), byteCount: try fields.number("byteCount"),
            sha256: try fields.requiredText("sha256"))
        // Before it becomes part of a path.
        try SHA256Hex.check(line.sha256, "sha256")
        try ImageFacts(byteCount: line.byteCount).validate()
        return line
    }

    /// Where the bytes are in the folder `objects` of an export: two digits of the digest are a folder.
    static func place(of sha256: String) -> (folder: String, name: String) { (String(sha256.prefix(2)), sha256) }
}
