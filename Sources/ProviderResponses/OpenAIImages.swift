internal import ArtifactStore

/// Answers of the images API: `{data: [{b64_json | url, revised_prompt}], usage}`.
enum OpenAIImages {
    static func answer(_ body: JSONValue, _ response: ProviderHTTPResponse, _ provider: String) -> ProviderAnswer {
        var results = (body["data"]?.array ?? []).map(result)
        if results.isEmpty { results = [.failed(withoutImages(body, provider))] }
        return ProviderAnswer(
            outcome: .finished(results),
            execution: ModelExecution(
                provider: provider, imageGenerationMode: .directImageModel,
                providerRequestId: SafeText.orNothing(response.header("x-request-id"))),
            usage: usage(body["usage"], results))
    }

    private static func withoutImages(_ body: JSONValue, _ provider: String) -> ArtifactFailure {
        if let error = ProviderError(body) {
            return FailureRule.failure(error, status: nil, provider: provider, retryAfter: nil)
        }
        // Some providers answer a blocked prompt with an empty list and status 200, and bill every repetition.
        return ArtifactFailure(
            .generationFailed, "\(provider) answered with no image",
            recoveryGuidance: "The prompt may have been blocked without saying so: change it before trying again with"
                + " a new idempotency key, since the same request may be billed again.",
            retryable: false, action: .changePrompt)
    }

    private static func result(_ item: JSONValue) -> ImageResult {
        if let base64 = item["b64_json"]?.string, !base64.isEmpty {
            return ImageBytes.result(
                base64: base64,
                revisedPrompt: SafeText.orNothing(item["revised_prompt"]?.string, atMost: TextLimit.prompt))
        }
        // xAI marks an image its moderation withheld this way (xAI API reference, "Image generation").
        if item["respect_moderation"]?.bool == false {
            return .failed(
                ArtifactFailure(
                    .unsafeImageRequest, "the provider's moderation withheld the image",
                    providerCode: "respect_moderation"))
        }
        if item["url"]?.string != nil {
            // The URL itself stays out of every text: it is signed, so it is a credential until it expires.
            return .failed(
                ArtifactFailure(
                    .generationFailed, "the provider answered with a URL instead of the image's bytes",
                    recoveryGuidance: "Ask for response_format b64_json: URLs are never fetched, since they expire.",
                    retryable: false, action: .changeParameters))
        }
        return .failed(ArtifactFailure(.generationFailed, "the provider's answer lists an image without its bytes"))
    }

    /// The API reference calls output tokens image tokens for some models only, so the split is read, not assumed.
    private static func usage(_ raw: JSONValue?, _ results: [ImageResult]) -> Usage? {
        var usage = Usage(raw: raw, results: results)
        usage.inputTokens = raw?.count("input_tokens")
        usage.inputTextTokens = raw?["input_tokens_details"]?.count("text_tokens")
        usage.inputImageTokens = raw?["input_tokens_details"]?.count("image_tokens")
        usage.cachedInputTokens = raw?["input_tokens_details"]?.count("cached_tokens")
        usage.cacheWriteInputTokens = raw?["input_tokens_details"]?.count("cache_write_tokens")
        usage.outputTokens = raw?.count("output_tokens")
        usage.outputTextTokens = raw?["output_tokens_details"]?.count("text_tokens")
        usage.outputImageTokens = raw?["output_tokens_details"]?.count("image_tokens")
        usage.totalTokens = raw?.count("total_tokens")
        return usage.orNothing
    }
}
