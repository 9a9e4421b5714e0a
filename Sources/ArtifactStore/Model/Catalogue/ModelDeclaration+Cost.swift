extension ModelDeclaration {
    /// What an artifact of this model cost by the declared prices; nil wherever that is not certain.
    ///
    /// The usage is taken at its word: cached tokens are those it names, and a total that is more than input and output
    /// together means that something else was billed. Exact in integers; only the sum is rounded, half up, to a
    /// millionth of the currency's unit.
    func cost(of usage: Usage, by execution: ModelExecution?) -> Cost? {
        // A hosted tool is billed by two models' prices, and the usage does not say which tokens are whose.
        guard let prices, imageGenerationMode != .hostedImageGenerationTool,
            execution?.imageGenerationMode != .hostedImageGenerationTool,
            usage.includedInArtifactId == nil, (usage.cacheWriteInputTokens ?? 0) == 0,
            let input = TokenSplit(usage.inputTokens, usage.inputTextTokens, usage.inputImageTokens, inputModalities),
            let cached = input.part(
                usage.cachedInputTokens, usage.cachedInputTextTokens, usage.cachedInputImageTokens),
            let output = TokenSplit(
                usage.outputTokens, usage.outputTextTokens, usage.outputImageTokens, outputModalities),
            usage.totalTokens.map({ $0 == input.total + output.total }) ?? true,
            input.total <= prices.largestInputTokens ?? .max,
            // What is not counted may be left out of a bill only where it has no price.
            input.isKnown || (prices.inputTextTokens == nil && prices.inputImageTokens == nil),
            output.isKnown || (prices.outputTextTokens == nil && prices.outputImageTokens == nil),
            // An image that was made is billed by its tokens or by itself.
            (usage.imageCount ?? 0) == 0 || output.image > 0
                || (prices.image != nil && prices.outputImageTokens == nil),
            // Where it is not declared that the model itself makes the images, another one may bill them.
            imageGenerationMode == .directImageModel || execution?.underlyingImageModel == nil
                || execution?.underlyingImageModel == model
        else { return nil }
        var bill = Bill()
        bill.add(input.text - cached.text, prices.inputTextTokens)
        bill.add(input.image - cached.image, prices.inputImageTokens)
        bill.add(cached.text, prices.cachedInputTextTokens)
        bill.add(cached.image, prices.cachedInputImageTokens)
        bill.add(output.text, prices.outputTextTokens)
        if prices.outputImageTokens == nil, let price = prices.image {
            bill.add(images: usage.imageCount, price)
        } else {
            bill.add(output.image, prices.outputImageTokens)
        }
        return bill.micros.map { Cost(micros: $0, currency: prices.currency) }
    }
}

/// Tokens in or out, by modality.
private struct TokenSplit {
    var text: Int64 = 0
    var image: Int64 = 0
    /// Whether the usage says anything of them.
    var isKnown = true
    var total: Int64 { text + image }

    /// - Parameter modalities: What the model was declared to take or give. Where that is one, all tokens are of it.
    /// - Returns: Nil when the split is not known, or leaves tokens of something else.
    init?(_ total: Int64?, _ text: Int64?, _ image: Int64?, _ modalities: [Modality]?) {
        switch (text, image) {
        case (nil, nil):
            guard let total else {
                isKnown = false
                return
            }
            guard total > 0 else { return }
            if modalities == [.text] {
                self.text = total
            } else if modalities == [.image] {
                self.image = total
            } else {
                return nil
            }
        default:
            self.text = text ?? 0
            self.image = image ?? 0
            let known = self.total
            // Where one is missing, it must be nothing that is missing.
            guard let total = total ?? (text != nil && image != nil ? known : nil), total == known else { return nil }
        }
    }

    private init(text: Int64, image: Int64) {
        self.text = text
        self.image = image
    }

    /// The part of these tokens that the usage tells apart, such as the cached ones.
    func part(_ total: Int64?, _ text: Int64?, _ image: Int64?) -> TokenSplit? {
        let part: TokenSplit
        switch (text, image) {
        case (let text?, let image?): part = TokenSplit(text: text, image: image)
        case (let text?, nil):
            guard total != nil || self.image == 0 else { return nil }
            part = TokenSplit(text: text, image: (total ?? text) - text)
        case (nil, let image?):
            guard total != nil || self.text == 0 else { return nil }
            part = TokenSplit(text: (total ?? image) - image, image: image)
        case (nil, nil):
            let total = total ?? 0
            guard total == 0 || self.text == 0 || self.image == 0 else { return nil }
            part = self.image == 0 ? TokenSplit(text: total, image: 0) : TokenSplit(text: 0, image: total)
        }
        guard (0...self.text).contains(part.text), (0...self.image).contains(part.image),
            part.total == total ?? part.total
        else { return nil }
        return part
    }
}

/// A sum of counts times prices, or nothing as soon as one price is missing.
private struct Bill {
    /// In millionths of a millionth of the currency's unit.
    private var sum: Int128 = 0
    private var isKnown = true
    private var isEmpty = true

    mutating func add(_ tokens: Int64, _ price: Int64?) {
        guard tokens > 0 else { return }
        isEmpty = false
        guard let price else { return isKnown = false }
        sum += Int128(tokens) * Int128(price)
    }

    mutating func add(images count: Int64?, _ price: Int64) {
        isEmpty = false
        guard let count else { return isKnown = false }
        sum += Int128(count) * Int128(price) * 1_000_000
    }

    var micros: Int64? {
        guard isKnown, !isEmpty else { return nil }
        let micros = (sum + 500_000) / 1_000_000
        return micros <= Int128(Usage.largestCount) ? Int64(micros) : nil
    }
}
