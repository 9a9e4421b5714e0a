internal import ArtifactStore

extension JSONValue {
    /// A count the store can hold: a whole number, 0 to 10^12. Anything else is unknown, which is nil and never 0.
    func count(_ name: String) -> Int64? {
        guard let number = self[name]?.integer, (0...1_000_000_000_000).contains(number) else { return nil }
        return number
    }

    /// The tokens of one modality in Gemini's list of `{modality, tokenCount}`. A list that names it twice says
    /// nothing certain.
    func tokens(ofModality modality: String) -> Int64? {
        let entries = (array ?? []).filter { $0["modality"]?.string == modality }
        return entries.count == 1 ? entries.first?.count("tokenCount") : nil
    }
}

extension Usage {
    /// A usage that keeps the provider's own object beside the numbers read from it.
    init(raw: JSONValue?, results: [ImageResult]) {
        self.init()
        providerUsage = raw?.members == nil ? nil : SafeText.orNothing(raw)
        imageCount = results.imageCount > 0 ? results.imageCount : nil
    }

    var orNothing: Usage? {
        isEmpty ? nil : self
    }
}
