/// What was asked of a model: one image, described by a prompt.
public struct GeneratedImageRequest: Hashable, Sendable {
    /// The text the model was given, 1 to 131,072 bytes.
    public var prompt: String
    /// The model that was asked for, by the provider's name for it. Never replaced by another.
    public var model: String
    /// The image size in the provider's words, such as `1024x1024` or `auto`.
    public var size: String?
    /// The quality in the provider's words.
    public var quality: String?
    /// The background in the provider's words, such as `transparent`.
    public var background: String?
    /// The file format asked for, such as `png`.
    public var outputFormat: String?
    /// The seed, where the provider takes one.
    public var seed: Int64?
    /// Whatever else was asked, as a JSON object of at most 262,144 bytes.
    public var extraParameters: JSONValue?

    /// A request from its parts. The rules are checked when it is handed to `begin` or `produce`.
    public init(
        prompt: String, model: String, size: String? = nil, quality: String? = nil, background: String? = nil,
        outputFormat: String? = nil, seed: Int64? = nil, extraParameters: JSONValue? = nil
    ) {
        self.prompt = prompt
        self.model = model
        self.size = size
        self.quality = quality
        self.background = background
        self.outputFormat = outputFormat
        self.seed = seed
        self.extraParameters = extraParameters
    }

    func validate() throws(StoreError) {
        try TextRule.check(prompt, "request.prompt", atMost: TextLimit.prompt)
        try TextRule.check(model, "request.model")
        try TextRule.check(size, "request.size")
        try TextRule.check(quality, "request.quality")
        try TextRule.check(background, "request.background")
        try TextRule.check(outputFormat, "request.outputFormat")
        if let extraParameters { try TextRule.check(extraParameters, "request.extraParameters") }
    }
}
