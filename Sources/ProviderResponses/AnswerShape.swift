internal import ArtifactStore

/// The APIs whose successful answers are known, told apart by their members.
enum AnswerShape: CaseIterable {
    case openAIImages
    case openAIResponses
    case geminiGenerateContent

    /// The member an answer of this shape must have.
    var mark: String {
        switch self {
        case .openAIImages: "data array"
        case .openAIResponses: "output array"
        case .geminiGenerateContent: "candidates or promptFeedback"
        }
    }

    var usualProvider: String {
        self == .geminiGenerateContent ? "google" : "openai"
    }

    func matches(_ body: JSONValue) -> Bool {
        switch self {
        case .openAIImages: body["data"]?.array != nil
        case .openAIResponses: body["object"]?.string == "response" || body["output"]?.array != nil
        case .geminiGenerateContent: body["candidates"]?.array != nil || body["promptFeedback"]?.members != nil
        }
    }

    func answer(_ body: JSONValue, _ response: ProviderHTTPResponse, _ provider: String) -> ProviderAnswer {
        switch self {
        case .openAIImages: OpenAIImages.answer(body, response, provider)
        case .openAIResponses: OpenAIResponses.answer(body, response, provider)
        case .geminiGenerateContent: GeminiGenerateContent.answer(body, response, provider)
        }
    }
}
