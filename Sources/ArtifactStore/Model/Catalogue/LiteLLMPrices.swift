/// The prices of one entry of LiteLLM's file, which are in US dollars for a token or an image.
///
/// A price is left out where the file has another one beside it that would count for an image too and is not kept:
/// a cost that is unknown is better than one that is wrong. Prices of other service tiers (`_batches`, `_flex`,
/// `_priority` and the like), of tools and of sound do not count for an image and are passed over.
struct LiteLLMPrices {
    private let fields: EntryFields

    init(_ fields: EntryFields) {
        self.fields = fields
    }

    /// Which field is which price, and the power of ten from the file's unit to the price's.
    private static let kept: [(field: String, kind: ModelPrices.Kind, shift: Int)] = [
        ("input_cost_per_token", .inputTextTokens, 6),
        ("input_cost_per_image_token", .inputImageTokens, 6),
        ("cache_read_input_token_cost", .cachedInputTextTokens, 6),
        ("cache_read_input_image_token_cost", .cachedInputImageTokens, 6),
        ("output_cost_per_token", .outputTextTokens, 6),
        ("output_cost_per_image_token", .outputImageTokens, 6),
        ("output_cost_per_image", .image, 0),
    ]

    /// Charges by a measure that is not kept and that stand for the whole image: beside one, no price is declared.
    private static let wholeCharges: [(prefix: String, reason: String)] = [
        ("input_cost_per_pixel", "the source charges by the pixel"),
        ("output_cost_per_pixel", "the source charges by the pixel"),
        ("input_cost_per_second", "the source charges by the second"),
        ("output_cost_per_second", "the source charges by the second"),
        ("input_cost_per_request", "the source charges by the request"),
        ("input_cost_per_query", "the source charges by the request"),
    ]

    /// The prices, and what of them stays unknown.
    func reading() throws(DeclarationFlaw) -> (prices: ModelPrices?, gaps: [DeclarationGap]) {
        var prices = ModelPrices(currency: "USD")
        var gaps: [DeclarationGap] = []
        for entry in Self.kept {
            guard let literal = try fields.number(entry.field) else { continue }
            if let reason = try withheld(entry.kind) {
                gaps.append(DeclarationGap("prices.\(entry.kind.rawValue)", reason))
            } else if let micros = DecimalMicros.micros(literal, shift: entry.shift), micros <= Usage.largestCount {
                prices[entry.kind] = micros
            } else {
                gaps.append(
                    DeclarationGap("prices.\(entry.kind.rawValue)", "the source's number cannot be kept exactly"))
            }
        }
        if let reason = try wholeCharge() {
            return (nil, [DeclarationGap("prices", "\(reason), which is not kept")])
        }
        guard !prices.isEmpty else {
            let reason = gaps.isEmpty ? "the source has none that are kept" : "all that the source has are left out"
            return (nil, gaps + [DeclarationGap("prices", reason)])
        }
        prices.largestInputTokens = try largestInputTokens()
        return (prices, gaps)
    }

    /// Why one price is not declared although the file has it.
    private func withheld(_ kind: ModelPrices.Kind) throws(DeclarationFlaw) -> String? {
        switch kind {
        case .image:
            if try isCharged("output_cost_per_image_token") {
                return "the source has the same charge by token, and both would count it twice"
            }
            // LiteLLM has it for images that go in, and, for some models, for those that come out.
            if try isCharged("input_cost_per_image") { return "the source has another price for an image beside it" }
            // Such as _2K, _1024 or _premium_image.
            for name in fields.names
            where name.hasPrefix("output_cost_per_image_") && !name.hasPrefix("output_cost_per_image_token") {
                if try isCharged(name) { return "the source has several, by the size or quality of the image" }
            }
            return nil
        case .outputTextTokens:
            let whole = try fields.number("output_cost_per_token") ?? ""
            if let reasoning = try fields.number("output_cost_per_reasoning_token"),
                DecimalMicros.micros(reasoning, shift: 6) != DecimalMicros.micros(whole, shift: 6)
            {
                return "the source has another price for reasoning tokens, which are not told apart"
            }
            return try isCharged("output_cost_per_character") ? "the source charges by the character, too" : nil
        case .inputTextTokens:
            return try isCharged("input_cost_per_character") ? "the source charges by the character, too" : nil
        default: return nil
        }
    }

    private func wholeCharge() throws(DeclarationFlaw) -> String? {
        for name in fields.names {
            guard let charge = Self.wholeCharges.first(where: { name.hasPrefix($0.prefix) }) else { continue }
            if try isCharged(name) { return charge.reason }
        }
        return nil
    }

    private func isCharged(_ name: String) throws(DeclarationFlaw) -> Bool {
        guard let literal = try fields.number(name) else { return false }
        return DecimalMicros.micros(literal) != 0
    }

    /// The least number of tokens above which the file has other prices.
    private func largestInputTokens() throws(DeclarationFlaw) -> Int64? {
        var least: Int64?
        for name in fields.names {
            guard let limit = Self.limit(name) else { continue }
            _ = try fields.number(name)
            least = min(least ?? limit, limit)
        }
        return least
    }

    /// 200,000 for a name that ends with `_above_200k_tokens`.
    private static func limit(_ name: String) -> Int64? {
        let suffix = "k_tokens"
        guard name.hasSuffix(suffix), let start = name.ranges(of: "_above_").last?.upperBound else {
            return nil
        }
        let digits = name[start...].dropLast(suffix.count)
        guard (1...6).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(digits).map { $0 * 1_000 }
    }
}
