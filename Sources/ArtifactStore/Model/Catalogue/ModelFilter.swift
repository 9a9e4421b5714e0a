/// Which models a list holds, by what they were declared to be. No condition looks at the name.
public struct ModelFilter: Hashable, Sendable {
    /// What a model puts out: one of these. ``Modality/image`` holds for models that were declared to make images, by
    /// themselves or by a tool; any other for those whose output modalities name it.
    public var modalities: Set<Modality>
    /// How it makes images.
    public var mode: ImageGenerationMode?
    /// Who runs it.
    public var provider: String?
    /// What it was declared to be able to do.
    public var capability: String?
    /// Whether it takes images.
    public var supportsImageInput: DeclaredSupport?

    /// A filter from its conditions, which must all hold; without any it holds for models that put out text.
    public init(
        modalities: Set<Modality> = [.text], mode: ImageGenerationMode? = nil, provider: String? = nil,
        capability: String? = nil, supportsImageInput: DeclaredSupport? = nil
    ) {
        self.modalities = modalities
        self.mode = mode
        self.provider = provider
        self.capability = capability
        self.supportsImageInput = supportsImageInput
    }

    func validate() throws(StoreError) {
        if modalities.isEmpty {
            throw .invalid("modalities", "names none", hint: "Name what the models put out, such as text or image.")
        }
        try TextRule.check(provider, "provider")
        try TextRule.check(capability, "capability")
    }

    /// Whether a model is in the list.
    public func holds(for model: ModelDeclaration) -> Bool {
        let putsOut = modalities.contains { modality in
            modality == .image
                ? model.supportsImageGeneration == .yes : model.outputModalities?.contains(modality) ?? false
        }
        return putsOut
            && (mode == nil || model.imageGenerationMode == mode)
            && (provider.map { Self.isSame(model.provider, $0) } ?? true)
            && (capability.map { name in model.capabilities?.contains { Self.isSame($0, name) } ?? false } ?? true)
            && (supportsImageInput == nil || model.supportsImageInput == supportsImageInput)
    }

    private static func isSame(_ left: String?, _ right: String) -> Bool {
        left?.utf8.elementsEqual(right.utf8) ?? false
    }
}
