/// How a model makes images. Declared by the model catalogue or by the answer's own shape, never read off a name.
public enum ImageGenerationMode: String, Hashable, Sendable, CaseIterable {
    /// The model makes no images.
    case none
    /// The model's own output is the image.
    case directImageModel = "direct_image_model"
    /// A text model calls the provider's image tool, which runs another model.
    case hostedImageGenerationTool = "hosted_image_generation_tool"
}

/// What really ran, as far as the provider said. Unknown is nil.
public struct ModelExecution: Hashable, Sendable {
    /// Who ran it, such as `openai` or `google`.
    public var provider: String
    /// How the image was made.
    public var imageGenerationMode: ImageGenerationMode?
    /// The image model behind the requested one, when the provider names it.
    public var underlyingImageModel: String?
    /// The kind of output the hosted tool gave, such as `image_generation_call`.
    public var hostedToolOutputType: String?
    /// The provider's name for the request: what its support asks for.
    public var providerRequestId: String?
    /// The prompt as the provider rewrote it.
    public var revisedPrompt: String?

    /// An execution from its parts.
    public init(
        provider: String, imageGenerationMode: ImageGenerationMode? = nil, underlyingImageModel: String? = nil,
        hostedToolOutputType: String? = nil, providerRequestId: String? = nil, revisedPrompt: String? = nil
    ) {
        self.provider = provider
        self.imageGenerationMode = imageGenerationMode
        self.underlyingImageModel = underlyingImageModel
        self.hostedToolOutputType = hostedToolOutputType
        self.providerRequestId = providerRequestId
        self.revisedPrompt = revisedPrompt
    }

    func validate() throws(StoreError) {
        try TextRule.check(provider, "modelExecution.provider")
        try TextRule.check(underlyingImageModel, "modelExecution.underlyingImageModel")
        try TextRule.check(hostedToolOutputType, "modelExecution.hostedToolOutputType")
        try TextRule.check(providerRequestId, "modelExecution.providerRequestId")
        try TextRule.check(revisedPrompt, "modelExecution.revisedPrompt", atMost: TextLimit.prompt)
        if hostedToolOutputType != nil, imageGenerationMode != .hostedImageGenerationTool {
            throw .invalid(
                "modelExecution.hostedToolOutputType", "is set although no hosted tool ran",
                hint: "Set imageGenerationMode to hosted_image_generation_tool, or leave the output type out.")
        }
    }

    /// A completed image cannot come from a model declared to make none.
    func validateForCompletion() throws(StoreError) {
        try validate()
        if imageGenerationMode == ImageGenerationMode.none {
            throw .invalid(
                "modelExecution.imageGenerationMode", "is none although an image was made",
                hint: "Say direct_image_model or hosted_image_generation_tool, or leave it out when unknown.")
        }
    }
}
