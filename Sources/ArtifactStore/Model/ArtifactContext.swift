/// Where a prompt came from and which versions were in force: what a skill needs to be reproduced.
public struct ArtifactContext: Hashable, Sendable {
    /// The parts the prompt was composed of, in order; at most 64.
    public var promptComposition: [PromptPart]
    /// The versions in force.
    public var versionContext: VersionContext

    /// The most parts one prompt may be composed of.
    public static let maximumParts = 64

    /// A context from its halves; both may be empty.
    public init(promptComposition: [PromptPart] = [], versionContext: VersionContext = VersionContext()) {
        self.promptComposition = promptComposition
        self.versionContext = versionContext
    }

    func validate() throws(StoreError) {
        guard promptComposition.count <= Self.maximumParts else {
            throw .invalid(
                "context.promptComposition", "has \(promptComposition.count) parts",
                hint: "At most \(Self.maximumParts) are stored; join some.")
        }
        for (index, part) in promptComposition.enumerated() {
            try part.validate("context.promptComposition[\(index)]")
        }
        try versionContext.validate()
    }
}

/// One part of a composed prompt: its text, or only its hash when the text must not be kept.
public struct PromptPart: Hashable, Sendable {
    /// What the part is for, such as `system`, `style` or `user`.
    public var role: String
    /// Where it came from, such as a template's name.
    public var source: String?
    /// The version of that source.
    public var version: String?
    /// The text, at most 131,072 bytes.
    public var text: String?
    /// The SHA-256 of the text's UTF-8 in lower-case hexadecimal.
    public var textSha256: String?

    /// A part from its fields. One of `text` and `textSha256` must be there.
    public init(
        role: String, source: String? = nil, version: String? = nil, text: String? = nil, textSha256: String? = nil
    ) {
        self.role = role
        self.source = source
        self.version = version
        self.text = text
        self.textSha256 = textSha256
    }

    fileprivate func validate(_ field: String) throws(StoreError) {
        try TextRule.check(role, "\(field).role")
        try TextRule.check(source, "\(field).source")
        try TextRule.check(version, "\(field).version")
        try TextRule.check(text, "\(field).text", atMost: TextLimit.prompt)
        if let textSha256 { try SHA256Hex.check(textSha256, "\(field).textSha256") }
        guard text != nil || textSha256 != nil else {
            throw .invalid(field, "has neither text nor textSha256", hint: "Give the text, or its SHA-256.")
        }
    }
}

/// The versions in force when the request was made. Unknown is nil.
public struct VersionContext: Hashable, Sendable {
    /// The skill's version.
    public var skillVersion: String?
    /// The prompt's version.
    public var promptVersion: String?
    /// The template's version.
    public var templateVersion: String?

    /// A version context from its fields.
    public init(skillVersion: String? = nil, promptVersion: String? = nil, templateVersion: String? = nil) {
        self.skillVersion = skillVersion
        self.promptVersion = promptVersion
        self.templateVersion = templateVersion
    }

    /// Whether no version is known.
    public var isEmpty: Bool {
        skillVersion == nil && promptVersion == nil && templateVersion == nil
    }

    fileprivate func validate() throws(StoreError) {
        try TextRule.check(skillVersion, "context.versionContext.skillVersion")
        try TextRule.check(promptVersion, "context.versionContext.promptVersion")
        try TextRule.check(templateVersion, "context.versionContext.templateVersion")
    }
}
