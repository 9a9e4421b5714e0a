/// What one model was declared to do and to cost. Nothing here was ever read off a name.
public struct ModelDeclaration: Hashable, Sendable {
    /// The name that requests give (``GeneratedImageRequest/model``), 1 to 256 bytes. One declaration a name.
    public internal(set) var model: String
    /// Who runs it.
    public internal(set) var provider: String?
    /// Where the declaration comes from.
    public internal(set) var source: CatalogueSource
    /// Whether it makes images, by itself or by a tool of its provider.
    public internal(set) var supportsImageGeneration: DeclaredSupport
    /// Whether it takes images.
    public internal(set) var supportsImageInput: DeclaredSupport
    /// How it makes images; nil when that is unknown.
    public internal(set) var imageGenerationMode: ImageGenerationMode?
    /// What goes in, sorted; nil when it is unknown.
    public internal(set) var inputModalities: [Modality]?
    /// What comes out, sorted; nil when it is unknown.
    public internal(set) var outputModalities: [Modality]?
    /// Names of what it was declared to be able to do, sorted; nil when nothing was. A name that is missing may be a
    /// capability all the same.
    public internal(set) var capabilities: [String]?
    /// What its use costs; nil when nothing is known.
    public internal(set) var prices: ModelPrices?

    /// A declaration from its parts; lists are put in order. The rules are checked when it is imported.
    public init(
        model: String, provider: String? = nil, source: CatalogueSource = .declared,
        supportsImageGeneration: DeclaredSupport = .unknown, supportsImageInput: DeclaredSupport = .unknown,
        imageGenerationMode: ImageGenerationMode? = nil, inputModalities: [Modality]? = nil,
        outputModalities: [Modality]? = nil, capabilities: [String]? = nil, prices: ModelPrices? = nil
    ) {
        self.model = model
        self.provider = provider
        self.source = source
        self.supportsImageGeneration = supportsImageGeneration
        self.supportsImageInput = supportsImageInput
        self.imageGenerationMode = imageGenerationMode
        self.inputModalities = inputModalities.map { Set($0).sorted() }
        self.outputModalities = outputModalities.map { Set($0).sorted() }
        self.capabilities = capabilities.map(Self.ordered)
        self.prices = prices
    }

    /// Sorted by their bytes, each once.
    private static func ordered(_ names: [String]) -> [String] {
        var ordered: [String] = []
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        where ordered.last.map({ !$0.utf8.elementsEqual(name.utf8) }) ?? true {
            ordered.append(name)
        }
        return ordered
    }

    /// A digest of everything that is declared: equal for equal declarations alone.
    var digest: String {
        SHA256Hex.of(json.canonicalText.utf8)
    }
}
