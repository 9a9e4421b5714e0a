internal import ArtifactStore

/// Answers of Gemini's generateContent: `{candidates: [{content: {parts}, finishReason}], promptFeedback}`.
enum GeminiGenerateContent {
    /// Finish reasons that mean a filter took the image or the prompt (Gemini API reference, `FinishReason`).
    private static let filtered: Set<String> = [
        "IMAGE_SAFETY", "SAFETY", "PROHIBITED_CONTENT", "IMAGE_PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION",
        "IMAGE_RECITATION",
    ]

    static func answer(_ body: JSONValue, _ response: ProviderHTTPResponse, _ provider: String) -> ProviderAnswer {
        let candidates = body["candidates"]?.array ?? []
        let results = candidates.isEmpty ? [.failed(withoutCandidates(body))] : candidates.flatMap(results)
        let requestId = SafeText.orNothing(body["responseId"]?.string)
        var execution = ModelExecution(
            provider: provider, providerRequestId: requestId ?? SafeText.orNothing(response.header("x-request-id")))
        // A blocked prompt never reached the image model.
        if !candidates.isEmpty {
            execution.imageGenerationMode = .directImageModel
            execution.underlyingImageModel = SafeText.orNothing(body["modelVersion"]?.string)
        }
        return ProviderAnswer(
            outcome: .finished(results), execution: execution, usage: usage(body["usageMetadata"], results))
    }

    private static func results(_ candidate: JSONValue) -> [ImageResult] {
        let parts = (candidate["content"]?["parts"]?.array ?? []).filter { $0["thought"]?.bool != true }
        let images = parts.compactMap(image)
        return images.isEmpty ? [.failed(failure(candidate, parts))] : images
    }

    private static func image(_ part: JSONValue) -> ImageResult? {
        guard let inline = part["inlineData"] ?? part["inline_data"] else { return nil }
        let mediaType = (inline["mimeType"] ?? inline["mime_type"])?.string
        if let mediaType, !mediaType.lowercased().hasPrefix("image/") { return nil }
        return ImageBytes.result(base64: inline["data"]?.string ?? "")
    }

    private static func failure(_ candidate: JSONValue, _ parts: [JSONValue]) -> ArtifactFailure {
        let reason = SafeText.orNothing(candidate["finishReason"]?.string)
        let explanation = SafeText.message(candidate["finishMessage"]?.string)
        if let reason, filtered.contains(reason) {
            return ArtifactFailure(
                .unsafeImageRequest, explanation ?? "the provider's filter stopped the image (\(reason))",
                providerCode: reason)
        }
        let code = reason == "STOP" ? nil : reason
        let text = parts.compactMap { $0["text"]?.string }.joined(separator: " ")
        if explanation == nil, code == nil || SafeText.message(text) != nil {
            return ArtifactFailure.answeredWithText(
                text, guidance: "Say in the prompt that an image is wanted, and ask for the IMAGE response modality.",
                code: code)
        }
        return ArtifactFailure(
            .generationFailed, explanation ?? "the model made no image (\(reason ?? "no reason given"))",
            providerCode: code)
    }

    private static func withoutCandidates(_ body: JSONValue) -> ArtifactFailure {
        let feedback = body["promptFeedback"]
        guard let reason = feedback?["blockReason"]?.string else {
            return ArtifactFailure(.generationFailed, "the provider answered with no candidate and no image")
        }
        return ArtifactFailure(
            .unsafeImageRequest,
            SafeText.message(feedback?["blockReasonMessage"]?.string)
                ?? "the provider blocked the prompt (\(SafeText.message(reason, atMost: 64) ?? "no reason given"))",
            providerCode: SafeText.orNothing(reason))
    }

    /// Tokens spent on thoughts stay in the provider's own object only: they are neither text nor image of the answer.
    private static func usage(_ raw: JSONValue?, _ results: [ImageResult]) -> Usage? {
        var usage = Usage(raw: raw, results: results)
        usage.inputTokens = raw?.count("promptTokenCount")
        usage.inputTextTokens = raw?["promptTokensDetails"]?.tokens(ofModality: "TEXT")
        usage.inputImageTokens = raw?["promptTokensDetails"]?.tokens(ofModality: "IMAGE")
        usage.cachedInputTokens = raw?.count("cachedContentTokenCount")
        usage.cachedInputTextTokens = raw?["cacheTokensDetails"]?.tokens(ofModality: "TEXT")
        usage.cachedInputImageTokens = raw?["cacheTokensDetails"]?.tokens(ofModality: "IMAGE")
        usage.outputTokens = raw?.count("candidatesTokenCount")
        usage.outputTextTokens = raw?["candidatesTokensDetails"]?.tokens(ofModality: "TEXT")
        usage.outputImageTokens = raw?["candidatesTokensDetails"]?.tokens(ofModality: "IMAGE")
        usage.totalTokens = raw?.count("totalTokenCount")
        return usage.orNothing
    }
}
