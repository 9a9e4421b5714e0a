/// What a model's use costs, as far as that was declared. Unknown is nil, never 0.
public struct ModelPrices: Hashable, Sendable {
    /// The currency of all prices, its ISO 4217 code: three upper-case letters.
    public internal(set) var currency: String
    /// Millionths of the currency's unit for a million text tokens in, 0 to 10^12 as all prices.
    public internal(set) var inputTextTokens: Int64?
    /// Millionths for a million image tokens in.
    public internal(set) var inputImageTokens: Int64?
    /// Millionths for a million text tokens in that were served from the provider's cache.
    public internal(set) var cachedInputTextTokens: Int64?
    /// Millionths for a million image tokens in that were served from the provider's cache.
    public internal(set) var cachedInputImageTokens: Int64?
    /// Millionths for a million text tokens out.
    public internal(set) var outputTextTokens: Int64?
    /// Millionths for a million image tokens out.
    public internal(set) var outputImageTokens: Int64?
    /// Millionths for an image made.
    public internal(set) var image: Int64?
    /// Up to how many input tokens the prices hold, 1 to 10^12. Above, the source has others, which are not kept.
    public internal(set) var largestInputTokens: Int64?

    /// Prices from their parts. The rules are checked when the declaration that has them is imported.
    public init(
        currency: String, inputTextTokens: Int64? = nil, inputImageTokens: Int64? = nil,
        cachedInputTextTokens: Int64? = nil, cachedInputImageTokens: Int64? = nil, outputTextTokens: Int64? = nil,
        outputImageTokens: Int64? = nil, image: Int64? = nil, largestInputTokens: Int64? = nil
    ) {
        self.currency = currency
        self.inputTextTokens = inputTextTokens
        self.inputImageTokens = inputImageTokens
        self.cachedInputTextTokens = cachedInputTextTokens
        self.cachedInputImageTokens = cachedInputImageTokens
        self.outputTextTokens = outputTextTokens
        self.outputImageTokens = outputImageTokens
        self.image = image
        self.largestInputTokens = largestInputTokens
    }

    /// The prices one by one, by their wire names.
    enum Kind: String, CaseIterable {
        case inputTextTokens, inputImageTokens, cachedInputTextTokens, cachedInputImageTokens, outputTextTokens
        case outputImageTokens, image
    }

    subscript(kind: Kind) -> Int64? {
        get { self[keyPath: Self.path(kind)] }
        set { self[keyPath: Self.path(kind)] = newValue }
    }

    private static func path(_ kind: Kind) -> WritableKeyPath<ModelPrices, Int64?> {
        switch kind {
        case .inputTextTokens: \.inputTextTokens
        case .inputImageTokens: \.inputImageTokens
        case .cachedInputTextTokens: \.cachedInputTextTokens
        case .cachedInputImageTokens: \.cachedInputImageTokens
        case .outputTextTokens: \.outputTextTokens
        case .outputImageTokens: \.outputImageTokens
        case .image: \.image
        }
    }

    /// Whether no price is known.
    var isEmpty: Bool { Kind.allCases.allSatisfy { self[$0] == nil } }

    func check() throws(DeclarationFlaw) {
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw DeclarationFlaw("prices.currency", "is no ISO 4217 code", hint: "Give three upper-case letters.")
        }
        guard !isEmpty else {
            throw DeclarationFlaw(
                "prices", "has no price", hint: "Give one, or leave prices out when they are unknown.")
        }
        for kind in Kind.allCases {
            if let micros = self[kind], !(0...Usage.largestCount).contains(micros) {
                throw DeclarationFlaw(
                    "prices.\(kind.rawValue)", "is \(micros) millionths", hint: "Give 0 to \(Usage.largestCount).")
            }
        }
        if let largestInputTokens, !(1...Usage.largestCount).contains(largestInputTokens) {
            throw DeclarationFlaw(
                "prices.largestInputTokens", "is \(largestInputTokens)", hint: "Give 1 to \(Usage.largestCount).")
        }
    }
}
