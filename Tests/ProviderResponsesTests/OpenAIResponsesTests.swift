import ArtifactStore
import Foundation
import ProviderResponses
import Testing

@Suite struct OpenAIResponsesTests {
    private static let call: JSONValue = [
        "type": "image_generation_call", "status": "completed", "result": .string(imageBase64),
        "revised_prompt": "A lighthouse on a cliff",
    ]
    private static let text: JSONValue = [
        "type": "message", "content": [["type": "output_text", "text": "I can describe one instead."]],
    ]

    private func answer(_ members: (String, JSONValue)...) throws -> ProviderAnswer {
        let body: [JSONValue.Member] =
            [.init("object", "response"), .init("id", "resp_1")] + members.map { .init($0.0, $0.1) }
        let answer = try ProviderResponse.openAIResponses(response(200, .object(body)))
        try answer.checkRecordable()
        return answer
    }

    @Test("A finished tool call is an image made by the hosted tool")
    func completed() throws {
        let usage: JSONValue = [
            "input_tokens": 412, "input_tokens_details": ["cached_tokens": 12], "output_tokens": 96,
            "output_tokens_details": ["reasoning_tokens": 64], "total_tokens": 508,
        ]
        let answer = try answer(
            ("status", "completed"), ("output", [["type": "reasoning"], Self.call, Self.text]),
            ("tools", [["type": "web_search"], ["type": "image_generation", "model": "gpt-image-1.5"]]),
            ("usage", usage))
        #expect(answer.images.map(\.bytes) == [imageBytes])
        #expect(answer.images.first?.revisedPrompt == "A lighthouse on a cliff")
        #expect(
            answer.execution
                == ModelExecution(
                    provider: "openai", imageGenerationMode: .hostedImageGenerationTool,
                    underlyingImageModel: "gpt-image-1.5", hostedToolOutputType: "image_generation_call",
                    providerRequestId: "resp_1"))
        #expect(answer.usage?.inputTokens == 412)
        #expect(answer.usage?.cachedInputTokens == 12)
        #expect(answer.usage?.outputTokens == 96)
        #expect(answer.usage?.outputTextTokens == nil)
        #expect(answer.usage?.totalTokens == 508)
        #expect(answer.usage?.imageCount == 1)
        #expect(answer.usage?.providerUsage == usage)
    }

    @Test("The image model is unknown when the answer names none, or two")
    func underlyingModel() throws {
        #expect(try answer(("output", [Self.call])).execution.underlyingImageModel == nil)
        let two = try answer(
            ("output", [Self.call]),
            ("tools", [["type": "image_generation", "model": "a"], ["type": "image_generation", "model": "b"]]))
        #expect(two.execution.underlyingImageModel == nil)
    }

    @Test("The header's request id comes before the body's")
    func requestId() throws {
        let answer = try ProviderResponse.openAIResponses(
            response(200, ["id": "resp_1", "output": [Self.call]], headers: ["x-request-id": "req_9"]))
        #expect(answer.execution.providerRequestId == "req_9")
    }

    @Test(
        "A tool call without a finished result is a failure of the tool",
        arguments: [
            ["type": "image_generation_call", "status": "failed", "result": .null],
            ["type": "image_generation_call", "status": "generating", "result": .string(imageBase64)],
            ["type": "image_generation_call", "status": "completed", "result": .null],
            ["type": "image_generation_call", "status": "completed", "result": ""],
            ["type": "image_generation_call"],
        ] as [JSONValue])
    func unfinishedCall(call: JSONValue) throws {
        let answer = try answer(("status", "completed"), ("output", [call]))
        #expect(try answer.onlyFailure().type == .generationFailed)
        #expect(answer.execution.imageGenerationMode == .hostedImageGenerationTool)
        #expect(answer.execution.hostedToolOutputType == "image_generation_call")
        #expect(answer.usage == nil)
    }

    @Test("Every tool call is one result: a good one survives a failed one")
    func twoCalls() throws {
        let answer = try answer(
            ("output", [Self.call, ["type": "image_generation_call", "status": "failed"], Self.text]))
        #expect(answer.results.count == 2)
        #expect(answer.images.count == 1)
        #expect(answer.failures.count == 1)
    }

    @Test("A model that answers with text made no image, and no tool is claimed")
    func textOnly() throws {
        let answer = try answer(("status", "completed"), ("output", [Self.text]))
        let failure = try answer.onlyFailure()
        #expect(failure.type == .generationFailed)
        #expect(failure.message.contains("answered with text"))
        #expect(failure.message.contains("I can describe one instead."))
        #expect(answer.execution == ModelExecution(provider: "openai", providerRequestId: "resp_1"))
    }

    @Test(
        "A failed response is told by its error code",
        arguments: [
            ("server_error", .providerUnavailable), ("rate_limit_exceeded", .providerUnavailable),
            ("invalid_prompt", .unsafeImageRequest), ("image_content_policy_violation", .unsafeImageRequest),
            ("moderation_blocked", .unsafeImageRequest), ("model_not_found", .unsupportedModel),
            ("invalid_image_mode", .invalidImageRequest), ("something_new", .generationFailed),
        ] as [(String, ArtifactFailure.FailureType)])
    func failed(code: String, type: ArtifactFailure.FailureType) throws {
        let answer = try answer(
            ("status", "failed"), ("error", ["code": .string(code), "message": "it went wrong"]), ("output", []))
        let failure = try answer.onlyFailure()
        #expect(failure.type == type)
        #expect(failure.providerCode == code)
        #expect(failure.message == "it went wrong")
        #expect(answer.execution.imageGenerationMode == nil)
    }

    @Test("An incomplete response says whether a filter or a limit stopped it")
    func incomplete() throws {
        let filtered = try answer(
            ("status", "incomplete"), ("incomplete_details", ["reason": "content_filter"]), ("output", []))
        #expect(try filtered.onlyFailure().type == .unsafeImageRequest)
        let limited = try answer(
            ("status", "incomplete"), ("incomplete_details", ["reason": "max_output_tokens"]), ("output", [Self.text]))
        #expect(try limited.onlyFailure().type == .generationFailed)
        #expect(try limited.onlyFailure().providerCode == "max_output_tokens")
        let withImage = try answer(
            ("status", "incomplete"), ("incomplete_details", ["reason": "max_output_tokens"]), ("output", [Self.call]))
        #expect(withImage.images.count == 1)
        #expect(try answer(("status", "cancelled"), ("output", [])).onlyFailure().type == .generationFailed)
    }

    @Test("A response that still runs is an unknown outcome", arguments: ["queued", "in_progress"])
    func running(status: String) throws {
        let answer = try answer(("status", .string(status)), ("output", []))
        #expect(answer.unknownReason?.contains(status) == true)
    }
}
