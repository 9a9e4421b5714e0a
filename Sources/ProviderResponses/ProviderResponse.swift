public import ArtifactStore

/// Reads a provider's answer: images, usage and what ran, or a typed failure that says what to do next.
///
/// Every function looks at the answer alone, never at a model's name, and never uses the network. What comes back can
/// be recorded as it is: provider texts are cut, cleaned of NUL and of signed URLs, or left out. A failed request is
/// an answer too (``ProviderAnswer/Outcome/finished(_:)`` with a failure); what is thrown is only a value that is no
/// answer at all.
public enum ProviderResponse {
    /// Reads an answer of OpenAI's images API (`POST /v1/images/generations`) or of an API with the same shape.
    ///
    /// Rules: OpenAI API reference, "Create image" and "The image generation response"; xAI, "Image generation".
    ///
    /// - Parameter provider: the name to record, for instance `xai`; at most 256 bytes.
    /// - Throws: ``StoreError`` with code `invalidInput` when a 2xx answer has no `data` array and no `error`, when
    ///   the status is 1xx or 3xx, or when the provider name breaks a text rule.
    public static func openAIImages(
        _ response: ProviderHTTPResponse, provider: String = "openai"
    ) throws(StoreError) -> ProviderAnswer {
        try read(response, as: .openAIImages, provider: provider)
    }

    /// Reads an answer of OpenAI's responses API (`POST /v1/responses`), where a text model calls the image tool.
    ///
    /// Rules: OpenAI API reference, "The response object" and the tool guide "Image generation".
    ///
    /// - Parameter provider: the name to record; at most 256 bytes.
    /// - Throws: ``StoreError`` with code `invalidInput` when a 2xx answer is no `response` object and has no `error`,
    ///   when the status is 1xx or 3xx, or when the provider name breaks a text rule.
    public static func openAIResponses(
        _ response: ProviderHTTPResponse, provider: String = "openai"
    ) throws(StoreError) -> ProviderAnswer {
        try read(response, as: .openAIResponses, provider: provider)
    }

    /// Reads an answer of Gemini's `generateContent`.
    ///
    /// Rules: Gemini API reference, "GenerateContentResponse" (`Candidate`, `FinishReason`, `BlockReason`,
    /// `UsageMetadata`).
    ///
    /// - Parameter provider: the name to record; at most 256 bytes.
    /// - Throws: ``StoreError`` with code `invalidInput` when a 2xx answer has neither `candidates` nor
    ///   `promptFeedback` nor `error`, when the status is 1xx or 3xx, or when the provider name breaks a text rule.
    public static func geminiGenerateContent(
        _ response: ProviderHTTPResponse, provider: String = "google"
    ) throws(StoreError) -> ProviderAnswer {
        try read(response, as: .geminiGenerateContent, provider: provider)
    }

    /// Reads an answer of any of the known APIs, chosen by its shape.
    ///
    /// A failed request (4xx or 5xx) needs no known shape: its status alone says enough.
    ///
    /// - Parameter provider: the name to record. Without it: `openai` or `google` by the shape, else `unknown`.
    /// - Throws: ``StoreError`` with code `invalidInput` when a 2xx answer has no known shape or two of them, when the
    ///   status is 1xx or 3xx, or when the provider name breaks a text rule.
    public static func detect(
        _ response: ProviderHTTPResponse, provider: String? = nil
    ) throws(StoreError) -> ProviderAnswer {
        if let provider { try check(provider) }
        if let failure = try HTTPFailure.answer(response, provider: provider) { return failure }
        let shapes = AnswerShape.allCases.filter { shape in response.json.map(shape.matches) ?? false }
        if shapes.count == 1, let shape = shapes.first, let body = response.json {
            return shape.answer(body, response, provider ?? shape.usualProvider)
        }
        guard shapes.isEmpty, let failure = HTTPFailure.inBandAnswer(response, provider: provider) else {
            throw StoreError(
                .invalidInput,
                shapes.isEmpty
                    ? "the body \(reasonForNoShape(response))" : "the body has the shape of more than one API",
                hint: "Call the function of the API that was asked: openAIImages, openAIResponses or"
                    + " geminiGenerateContent.")
        }
        return failure
    }

    /// The answer for a call that ended without one (a timeout, a connection cut while waiting): nobody knows whether
    /// the provider made, and billed, an image, so the artifact stays pending until its claim expires.
    ///
    /// - Throws: ``StoreError`` with code `invalidInput` when the provider name breaks a text rule.
    public static func timedOut(provider: String) throws(StoreError) -> ProviderAnswer {
        try check(provider)
        return ProviderAnswer(
            outcome: .unknown(reason: "\(provider) did not answer in time; it may have made the image"),
            execution: ModelExecution(provider: provider))
    }

    private static func read(
        _ response: ProviderHTTPResponse, as shape: AnswerShape, provider: String
    ) throws(StoreError) -> ProviderAnswer {
        try check(provider)
        if let failure = try HTTPFailure.answer(response, provider: provider) { return failure }
        if let body = response.json, shape.matches(body) { return shape.answer(body, response, provider) }
        if let failure = HTTPFailure.inBandAnswer(response, provider: provider) { return failure }
        let reason = response.json == nil ? reasonForNoShape(response) : "has no \(shape.mark)"
        throw StoreError(
            .invalidInput, "the body \(reason)",
            hint: "Call the function of the API that was asked, or detect, which chooses by the answer's shape.")
    }

    private static func check(_ provider: String) throws(StoreError) {
        guard SafeText.orNothing(provider) == nil else { return }
        throw StoreError(
            .invalidInput, "provider is empty, too long, or holds NUL or a signed URL's query",
            hint: "Give the provider's name in 1 to \(TextLimit.name) bytes.")
    }

    private static func reasonForNoShape(_ response: ProviderHTTPResponse) -> String {
        guard case .other(let bytes) = response.body else {
            return "has no data, output, candidates, promptFeedback or error"
        }
        guard !bytes.isEmpty else { return "is empty" }
        do {
            _ = try JSONParser.parse(bytes)
            return "is a string, not a JSON object"
        } catch {
            return "is not JSON that can be read (byte \(error.offset) of \(bytes.count))"
        }
    }
}
