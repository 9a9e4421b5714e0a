import ArtifactStore
import Foundation
import ProviderResponses
import Testing

@Suite struct GeminiGenerateContentTests {
    private func answer(_ body: JSONValue) throws -> ProviderAnswer {
        let answer = try ProviderResponse.geminiGenerateContent(response(200, body))
        try answer.checkRecordable()
        return answer
    }

    private static func candidate(_ parts: JSONValue..., reason: JSONValue = "STOP") -> JSONValue {
        ["content": ["role": "model", "parts": .array(parts)], "finishReason": reason]
    }

    private static let image: JSONValue = ["inlineData": ["mimeType": "image/png", "data": .string(imageBase64)]]

    @Test("An inline image is an image of a direct image model, with usage by modality")
    func completed() throws {
        let usage: JSONValue = [
            "promptTokenCount": 14, "candidatesTokenCount": 1290, "totalTokenCount": 1354, "thoughtsTokenCount": 50,
            "cachedContentTokenCount": 4, "promptTokensDetails": [["modality": "TEXT", "tokenCount": 14]],
            "candidatesTokensDetails": [["modality": "IMAGE", "tokenCount": 1290]],
        ]
        let answer = try answer([
            "candidates": [Self.candidate(["text": "Here it is."], Self.image)], "usageMetadata": usage,
            "modelVersion": "gemini-2.5-flash-image", "responseId": "r-9",
        ])
        #expect(answer.images.map(\.bytes) == [imageBytes])
        #expect(
            answer.execution
                == ModelExecution(
                    provider: "google", imageGenerationMode: .directImageModel,
                    underlyingImageModel: "gemini-2.5-flash-image", providerRequestId: "r-9"))
        let read = try #require(answer.usage)
        #expect(read.inputTokens == 14)
        #expect(read.inputTextTokens == 14)
        #expect(read.inputImageTokens == nil)
        #expect(read.cachedInputTokens == 4)
        #expect(read.outputTokens == 1290)
        #expect(read.outputImageTokens == 1290)
        #expect(read.outputTextTokens == nil)
        #expect(read.totalTokens == 1354)
        #expect(read.imageCount == 1)
        #expect(read.providerUsage == usage)
    }

    @Test("Both spellings of inline data are read")
    func snakeCase() throws {
        let part: JSONValue = ["inline_data": ["mime_type": "image/png", "data": .string(imageBase64)]]
        #expect(try answer(["candidates": [Self.candidate(part)]]).images.map(\.bytes) == [imageBytes])
    }

    @Test("Every image of every candidate counts, and an empty candidate fails beside them")
    func several() throws {
        let answer = try answer([
            "candidates": [
                Self.candidate(Self.image, Self.image), Self.candidate(reason: "IMAGE_SAFETY"),
                Self.candidate(Self.image),
            ]
        ])
        #expect(answer.images.count == 3)
        #expect(answer.failures.map(\.type) == [.unsafeImageRequest])
        #expect(answer.usage?.imageCount == 3)
    }

    @Test("A thought's image and inline data of another kind are no images")
    func skipped() throws {
        let thought: JSONValue = [
            "thought": true, "inlineData": ["mimeType": "image/png", "data": .string(imageBase64)],
        ]
        let sound: JSONValue = ["inlineData": ["mimeType": "audio/wav", "data": .string(imageBase64)]]
        let answer = try answer(["candidates": [Self.candidate(thought, sound)]])
        #expect(try answer.onlyFailure().type == .generationFailed)
        #expect(answer.usage == nil)
    }

    @Test("Inline data that is not base64 is a failure")
    func badBase64() throws {
        let part: JSONValue = ["inlineData": ["mimeType": "image/png", "data": "@@@@"]]
        #expect(try answer(["candidates": [Self.candidate(part)]]).onlyFailure().type == .generationFailed)
    }

    @Test(
        "A filter's finish reason is an unsafe request with that code",
        arguments: [
            "IMAGE_SAFETY", "SAFETY", "PROHIBITED_CONTENT", "IMAGE_PROHIBITED_CONTENT", "BLOCKLIST", "SPII",
            "RECITATION", "IMAGE_RECITATION",
        ])
    func filtered(reason: String) throws {
        let answer = try answer(["candidates": [["finishReason": .string(reason), "finishMessage": "Filtered out."]]])
        let failure = try answer.onlyFailure()
        #expect(failure.type == .unsafeImageRequest)
        #expect(failure.providerCode == reason)
        #expect(failure.message == "Filtered out.")
        #expect(!failure.retryable)
    }

    @Test(
        "Any other finish reason without an image is a failed generation",
        arguments: ["NO_IMAGE", "IMAGE_OTHER", "OTHER", "MAX_TOKENS", "NEW_REASON"])
    func withoutImage(reason: String) throws {
        let failure = try answer(["candidates": [Self.candidate(reason: .string(reason))]]).onlyFailure()
        #expect(failure.type == .generationFailed)
        #expect(failure.providerCode == reason)
        #expect(failure.message.contains(reason))
    }

    @Test("A model that answers with text made no image")
    func textOnly() throws {
        let failure = try answer(["candidates": [Self.candidate(["text": "Which lighthouse?"])]]).onlyFailure()
        #expect(failure.type == .generationFailed)
        #expect(failure.message == "the model answered with text and no image: Which lighthouse?")
        #expect(failure.providerCode == nil)
    }

    @Test(
        "A blocked prompt is an unsafe request, and no model is claimed to have run",
        arguments: ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY"])
    func blocked(reason: String) throws {
        let answer = try answer([
            "promptFeedback": ["blockReason": .string(reason)], "modelVersion": "gemini-2.5-flash-image",
            "usageMetadata": ["promptTokenCount": 9],
        ])
        let failure = try answer.onlyFailure()
        #expect(failure.type == .unsafeImageRequest)
        #expect(failure.providerCode == reason)
        #expect(answer.execution == ModelExecution(provider: "google"))
        #expect(answer.usage?.inputTokens == 9)
    }

    @Test("No candidate at all is a failed generation")
    func nothing() throws {
        let failure = try answer(["candidates": []]).onlyFailure()
        #expect(failure.type == .generationFailed)
        #expect(failure.message.contains("no image"))
    }
}
