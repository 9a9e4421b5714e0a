/// Where a model's declaration comes from.
public enum CatalogueSource: String, Hashable, Sendable, CaseIterable {
    /// A list of one's own, in the wire form of ``ModelDeclaration``. It goes before the others.
    case declared
    /// LiteLLM's price and capability file, a JSON object of entries by model name.
    case litellm
    /// A list of models as OpenRouter's API gives it.
    case openrouter
}
