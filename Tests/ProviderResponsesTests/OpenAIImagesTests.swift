import ArtifactStore
import Foundation
import ProviderResponses
import Testing

@Suite struct OpenAIImagesTests {
    private func answer(_ body: JSONValue, headers: [String: String] = [:]) throws -> ProviderAnswer {
        let answer = try ProviderResponse.openAIImages(response(200, body, headers: headers))
        try answer.checkRecordable()
        return answer
    }

    @Test("An image's bytes come back unchanged, with what ran and the rewritten prompt")
    func completed() throws {
        let answer = try answer(
            ["data": [["b64_json": .string(imageBase64), "revised_prompt": "A lighthouse"]]],
            headers: ["X-Request-Id": "req_1"])
        #expect(answer.images.map(\.bytes) == [imageBytes])
        #expect(answer.images.first?.revisedPrompt == "A lighthouse")
        #expect(
            answer.execution
                == ModelExecution(
                    provider: "openai", imageGenerationMode: .directImageModel, providerRequestId: "req_1"))
        #expect(answer.usage?.imageCount == 1)
        #expect(answer.usage?.inputTokens == nil)
    }

    @Test("Each image of an answer is a result of its own, in order")
    func two() throws {
        let other = Data([1, 2, 3])
        let answer = try answer([
            "data": [["b64_json": .string(imageBase64)], ["b64_json": .string(other.base64EncodedString())]]
        ])
        #expect(answer.images.map(\.bytes) == [imageBytes, other])
        #expect(answer.usage?.imageCount == 2)
    }

    @Test("A provider with the same shape is recorded under its own name")
    func provider() throws {
        let answer = try ProviderResponse.openAIImages(
            response(200, ["data": [["b64_json": .string(imageBase64)]]]), provider: "xai")
        #expect(answer.execution.provider == "xai")
    }

    @Test("An empty image list is a failure, never a success")
    func empty() throws {
        let answer = try answer(["data": [], "usage": ["input_tokens": 9]])
        let failure = try answer.onlyFailure()
        #expect(failure.type == .generationFailed)
        #expect(failure.message.contains("no image"))
        #expect(!failure.retryable)
        #expect(failure.action == .changePrompt)
        #expect(answer.execution.imageGenerationMode == .directImageModel)
        #expect(answer.usage?.imageCount == nil)
        #expect(answer.usage?.inputTokens == 9)
    }

    @Test("An empty list beside an error is that error")
    func emptyWithError() throws {
        let failure = try answer(["data": [], "error": ["code": "moderation_blocked", "message": "m"]]).onlyFailure()
        #expect(failure.type == .unsafeImageRequest)
        #expect(failure.providerCode == "moderation_blocked")
    }

    @Test(
        "Base64 that is not canonical is a failure, never a guessed image",
        arguments: [
            "!!!", "iVBOR", "iVBORw0=K", "iVBO Rw==", "iVBO\nRw==", "iVBORw", "_-8=", "data:image/png;base64,iVBORw==",
            "iVBORx==",
        ])
    func badBase64(text: String) throws {
        let failure = try answer(["data": [["b64_json": .string(text)]]]).onlyFailure()
        #expect(failure.type == .generationFailed)
        #expect(failure.message.contains("not base64"))
    }

    @Test("One bad image does not take the good one with it")
    func mixed() throws {
        let answer = try answer(["data": [["b64_json": "!"], ["b64_json": .string(imageBase64)], 7]])
        #expect(answer.results.count == 3)
        #expect(answer.images.count == 1)
        #expect(answer.usage?.imageCount == 1)
    }

    @Test("A URL instead of bytes is a failure that says how to ask, and never holds the URL")
    func url() throws {
        let url = "https://images.example/a.png?se=2026-03-01&sig=c2VjcmV0"
        let failure = try answer(["data": [["url": .string(url)]]]).onlyFailure()
        #expect(failure.type == .generationFailed)
        #expect(failure.recoveryGuidance.contains("b64_json"))
        #expect(!failure.retryable)
        #expect(failure.action == .changeParameters)
        #expect(!failure.message.contains("images.example"))
    }

    @Test("An image that moderation withheld is unsafe, not merely missing", arguments: [.null, ""] as [JSONValue])
    func moderated(base64: JSONValue) throws {
        let failure = try answer(["data": [["b64_json": base64, "respect_moderation": false]]]).onlyFailure()
        #expect(failure.type == .unsafeImageRequest)
        #expect(failure.action == .changePrompt)
    }

    @Test("Usage is split by modality only where the provider splits it")
    func usage() throws {
        let image: JSONValue = ["b64_json": .string(imageBase64)]
        let raw: JSONValue = [
            "total_tokens": 4210, "input_tokens": 50, "output_tokens": 4160,
            "input_tokens_details": ["text_tokens": 50, "image_tokens": 0],
        ]
        let unsplit = try #require(try answer(["data": [image], "usage": raw]).usage)
        #expect(unsplit.inputTokens == 50)
        #expect(unsplit.inputTextTokens == 50)
        #expect(unsplit.inputImageTokens == 0)
        #expect(unsplit.cachedInputTokens == nil)
        #expect(unsplit.outputTokens == 4160)
        #expect(unsplit.outputImageTokens == nil)
        #expect(unsplit.outputTextTokens == nil)
        #expect(unsplit.totalTokens == 4210)
        #expect(unsplit.cost == nil)
        #expect(unsplit.providerUsage == raw)

        let split = try #require(
            try answer([
                "data": [image],
                "usage": ["output_tokens": 10, "output_tokens_details": ["image_tokens": 8, "text_tokens": 2]],
            ]).usage)
        #expect(split.outputImageTokens == 8)
        #expect(split.outputTextTokens == 2)
    }

    @Test(
        "A count that is no count is unknown, never 0",
        arguments: [
            .integer(-1), .number("1.5"), "7", .null, .number("1e300"), .number("1000000000001"),
            .number("99999999999999999999"), [], true,
        ] as [JSONValue])
    func badCounts(count: JSONValue) throws {
        let answer = try answer([
            "data": [["b64_json": .string(imageBase64)]], "usage": ["input_tokens": count, "total_tokens": 3],
        ])
        #expect(answer.usage?.inputTokens == nil)
        #expect(answer.usage?.totalTokens == 3)
    }

    @Test("A rewritten prompt or usage object the record could not hold is left out, the image kept")
    func oversized() throws {
        let long = String(repeating: "é", count: TextLimit.prompt)
        let answer = try answer([
            "data": [["b64_json": .string(imageBase64), "revised_prompt": .string(long)]],
            "usage": ["input_tokens": 5, "note": .string(long + long)],
        ])
        #expect(answer.images.first?.bytes == imageBytes)
        #expect(answer.images.first?.revisedPrompt == nil)
        #expect(answer.usage?.inputTokens == 5)
        #expect(answer.usage?.providerUsage == nil)
    }
}
