extension GeneratedImageRequest {
    /// The request as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("prompt", .string(prompt)),
            ("model", .string(model)),
            ("size", .optional(size)),
            ("quality", .optional(quality)),
            ("background", .optional(background)),
            ("outputFormat", .optional(outputFormat)),
            ("seed", .optional(seed)),
            ("extraParameters", extraParameters),
        ])
    }

    /// Reads a request file: the members of ``json``, and optionally `context`.
    ///
    /// - Throws: ``StoreError`` `invalidInput` for a missing or unknown member, a value of another type, or a request
    ///   for something out of scope (image input, editing, video), naming the member.
    public static func parse(_ json: JSONValue) throws(StoreError) -> (GeneratedImageRequest, ArtifactContext) {
        let fields = try JSONFields(
            json, "request",
            known: [
                "prompt", "model", "size", "quality", "background", "outputFormat", "seed", "extraParameters",
                "context",
            ],
            outOfScope: ["image", "images", "mask", "inputImage", "inputImages", "referenceImages", "video"])
        let request = GeneratedImageRequest(
            prompt: try fields.requiredText("prompt"), model: try fields.requiredText("model"),
            size: try fields.text("size"), quality: try fields.text("quality"),
            background: try fields.text("background"), outputFormat: try fields.text("outputFormat"),
            seed: try fields.integer("seed"), extraParameters: fields.value("extraParameters"))
        let context = try fields.value("context").map { value throws(StoreError) in try ArtifactContext.parse(value) }
        return (request, context ?? ArtifactContext())
    }
}

extension ArtifactContext {
    static func parse(_ json: JSONValue) throws(StoreError) -> ArtifactContext {
        let fields = try JSONFields(json, "context", known: ["promptComposition", "versionContext"])
        var context = ArtifactContext()
        if let parts = fields.value("promptComposition") {
            guard let parts = parts.array else {
                throw .invalid("context.promptComposition", "is not an array", hint: "List the parts in order.")
            }
            for (index, part) in parts.enumerated() {
                let fields = try JSONFields(
                    part, "context.promptComposition[\(index)]",
                    known: ["role", "source", "version", "text", "textSha256"])
                context.promptComposition.append(
                    PromptPart(
                        role: try fields.requiredText("role"), source: try fields.text("source"),
                        version: try fields.text("version"), text: try fields.text("text"),
                        textSha256: try fields.text("textSha256")))
            }
        }
        if let versions = fields.value("versionContext") {
            let fields = try JSONFields(
                versions, "context.versionContext", known: ["skillVersion", "promptVersion", "templateVersion"])
            context.versionContext = VersionContext(
                skillVersion: try fields.text("skillVersion"), promptVersion: try fields.text("promptVersion"),
                templateVersion: try fields.text("templateVersion"))
        }
        return context
    }
}

/// The members of a JSON object that has a fixed set of names.
struct JSONFields {
    private let json: JSONValue
    private let path: String

    init(
        _ json: JSONValue, _ path: String, known: Set<String>, outOfScope: Set<String> = []
    ) throws(StoreError) {
        guard let members = json.members else {
            throw .invalid(path, "is not a JSON object", hint: "Give the members by name.")
        }
        for member in members where !known.contains(member.name) {
            if outOfScope.contains(member.name) {
                throw .invalid(
                    "\(path).\(member.name)", "asks for something out of scope",
                    hint: "Only images made from a prompt are recorded: no image input, editing or video.")
            }
            throw .invalid(
                "\(path).\(member.name.prefix(64))", "is unknown",
                hint: "Known are \(known.sorted().joined(separator: ", ")).")
        }
        self.json = json
        self.path = path
    }

    /// Nil for a missing member and for null.
    func value(_ name: String) -> JSONValue? {
        json[name].flatMap { $0 == .null ? nil : $0 }
    }

    func text(_ name: String) throws(StoreError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { throw .invalid("\(path).\(name)", "is not a string", hint: "Quote it.") }
        return text
    }

    func requiredText(_ name: String) throws(StoreError) -> String {
        guard let text = try text(name) else { throw .invalid("\(path).\(name)", "is missing", hint: "Give it.") }
        return text
    }

    func required(_ name: String) throws(StoreError) -> JSONValue {
        guard let value = value(name) else { throw .invalid("\(path).\(name)", "is missing", hint: "Give it.") }
        return value
    }

    func integer(_ name: String) throws(StoreError) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer else {
            throw .invalid("\(path).\(name)", "is not a whole number of 64 bits", hint: "Write it without a fraction.")
        }
        return number
    }

    func invalid(_ name: String, _ reason: String, hint: String) -> StoreError {
        .invalid("\(path).\(name)", reason, hint: hint)
    }
}
