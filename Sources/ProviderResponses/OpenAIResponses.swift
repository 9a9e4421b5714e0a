internal import ArtifactStore

/// Answers of the responses API: a `response` object whose output may hold `image_generation_call` items.
enum OpenAIResponses {
    private static let callType = "image_generation_call"

    static func answer(_ body: JSONValue, _ response: ProviderHTTPResponse, _ provider: String) -> ProviderAnswer {
        let calls = (body["output"]?.array ?? []).filter { $0["type"]?.string == callType }
        let execution = execution(body, response, provider, toolRan: !calls.isEmpty)
        if let status = body["status"]?.string, ["queued", "in_progress"].contains(status) {
            return ProviderAnswer(
                outcome: .unknown(
                    reason: "the response is still \(status); fetch it again by its id when it has finished"),
                execution: execution)
        }
        let reason = failure(body, response, provider)
        let results =
            calls.isEmpty
            ? [.failed(reason ?? noCall(body))]
            : calls.map { result($0, reason) }
        return ProviderAnswer(
            outcome: .finished(results), execution: execution, usage: usage(body["usage"], results))
    }

    private static func execution(
        _ body: JSONValue, _ response: ProviderHTTPResponse, _ provider: String, toolRan: Bool
    ) -> ModelExecution {
        let tools = (body["tools"]?.array ?? []).filter { $0["type"]?.string == "image_generation" }
        let models = Set(tools.map { $0["model"]?.string })
        let requestId = SafeText.orNothing(response.header("x-request-id")) ?? SafeText.orNothing(body["id"]?.string)
        guard toolRan else { return ModelExecution(provider: provider, providerRequestId: requestId) }
        return ModelExecution(
            provider: provider, imageGenerationMode: .hostedImageGenerationTool,
            // Two image tools with different models: nothing says which of them ran.
            underlyingImageModel: models.count == 1 ? SafeText.orNothing(models.first ?? nil) : nil,
            hostedToolOutputType: callType, providerRequestId: requestId)
    }

    private static func result(_ call: JSONValue, _ reason: ArtifactFailure?) -> ImageResult {
        let status = call["status"]?.string
        if status == "completed", let base64 = call["result"]?.string {
            return ImageBytes.result(
                base64: base64,
                revisedPrompt: SafeText.orNothing(call["revised_prompt"]?.string, atMost: TextLimit.prompt))
        }
        let word = SafeText.message(status, atMost: 64) ?? "unknown"
        let message = "the image tool's call ended with status \(word) and no image"
        return .failed(reason ?? ArtifactFailure(.generationFailed, message))
    }

    /// Why the whole response failed, when it says so.
    private static func failure(
        _ body: JSONValue, _ response: ProviderHTTPResponse, _ provider: String
    ) -> ArtifactFailure? {
        if let error = ProviderError(body) {
            return FailureRule.failure(
                error, status: nil, provider: provider, retryAfter: RetryAfter.seconds(response, error))
        }
        switch body["status"]?.string {
        case "incomplete":
            let reason = body["incomplete_details"]?["reason"]?.string
            if reason == "content_filter" {
                return ArtifactFailure(
                    .unsafeImageRequest, "the provider's content filter stopped the response", providerCode: reason)
            }
            return ArtifactFailure(
                .generationFailed,
                "the response is incomplete (\(SafeText.message(reason, atMost: 64) ?? "no reason given"))",
                recoveryGuidance: "Allow more output tokens, then try again with a new idempotency key.",
                action: .changeParameters, providerCode: SafeText.orNothing(reason))
        case let status? where ["failed", "cancelled"].contains(status):
            return ArtifactFailure(
                .generationFailed, "the response ended with status \(status)", providerCode: status)
        default: return nil
        }
    }

    private static func noCall(_ body: JSONValue) -> ArtifactFailure {
        let parts = (body["output"]?.array ?? []).flatMap { $0["content"]?.array ?? [] }
        let text = parts.compactMap { $0["text"]?.string ?? $0["refusal"]?.string }.joined(separator: " ")
        return ArtifactFailure.answeredWithText(
            text, guidance: "Ask for the tool with tool_choice, or say in the prompt that an image is wanted.")
    }

    private static func usage(_ raw: JSONValue?, _ results: [ImageResult]) -> Usage? {
        var usage = Usage(raw: raw, results: results)
        usage.inputTokens = raw?.count("input_tokens")
        usage.cachedInputTokens = raw?["input_tokens_details"]?.count("cached_tokens")
        usage.cacheWriteInputTokens = raw?["input_tokens_details"]?.count("cache_write_tokens")
        usage.outputTokens = raw?.count("output_tokens")
        usage.totalTokens = raw?.count("total_tokens")
        return usage.orNothing
    }
}

extension ArtifactFailure {
    /// The failure of a model that wrote instead of drawing. What it wrote usually says why, so its start is kept.
    static func answeredWithText(_ text: String, guidance: String, code: String? = nil) -> ArtifactFailure {
        let quote = SafeText.message(text, atMost: 500)
        return ArtifactFailure(
            .generationFailed,
            quote.map { "the model answered with text and no image: \($0)" } ?? "the model answered without an image",
            recoveryGuidance: guidance, retryable: true, action: .changePrompt, providerCode: code)
    }
}
