import ArtifactStore
import Foundation
import ProviderResponses
import Testing

@Suite struct DetectTests {
    @Test(
        "An answer is told by its shape",
        arguments: [
            (["data": [["b64_json": .string(imageBase64)]]], "openai", .directImageModel),
            (
                [
                    "output": [
                        ["type": "image_generation_call", "status": "completed", "result": .string(imageBase64)]
                    ]
                ], "openai", .hostedImageGenerationTool
            ),
            (
                ["candidates": [["content": ["parts": [["inlineData": ["data": .string(imageBase64)]]]]]]],
                "google", .directImageModel
            ),
        ] as [(JSONValue, String, ImageGenerationMode)])
    func shapes(body: JSONValue, provider: String, mode: ImageGenerationMode) throws {
        let answer = try ProviderResponse.detect(response(200, body))
        #expect(answer.execution.provider == provider)
        #expect(answer.execution.imageGenerationMode == mode)
        #expect(answer.images.map(\.bytes) == [imageBytes])
        #expect(try ProviderResponse.detect(response(200, body), provider: "host").execution.provider == "host")
    }

    @Test("No model name, whatever it is, changes what an answer means")
    func modelNames() throws {
        for name in ["gpt-image-1.5", "gemini-2.5-flash-image", "text-only", "dall-e-3", ""] {
            let answer = try ProviderResponse.detect(
                response(200, ["model": .string(name), "data": [["b64_json": .string(imageBase64)]]]))
            #expect(answer.execution.imageGenerationMode == .directImageModel)
            #expect(answer.execution.underlyingImageModel == nil)
        }
    }

    @Test("A failed request names the provider by the shape of its error")
    func errors() throws {
        #expect(try ProviderResponse.detect(response(400, openAIError("x"))).execution.provider == "openai")
        #expect(try ProviderResponse.detect(response(400, googleError(400, "X"))).execution.provider == "google")
        #expect(try ProviderResponse.detect(response(400, [:])).execution.provider == "unknown")
    }

    @Test("An error inside a 2xx answer is a failure")
    func inBand() throws {
        let known = try ProviderResponse.detect(response(200, openAIError("moderation_blocked")))
        #expect(try known.onlyFailure().type == .unsafeImageRequest)
        let unknown = try ProviderResponse.openAIImages(response(200, openAIError("odd")))
        #expect(try unknown.onlyFailure().type == .generationFailed)
        let google = try ProviderResponse.detect(response(200, googleError(503, "UNAVAILABLE")))
        #expect(try google.onlyFailure().type == .providerUnavailable)
    }

    @Test(
        "A 2xx answer of no known shape, or of two, is refused and nothing is guessed",
        arguments: [
            "", "{}", "[]", "null", "\"data\"", "<html>", "{\"data\":{}}", "{\"candidates\":1}", "{\"error\":null}",
            "{\"data\":[],\"candidates\":[]}", "{\"data\":[]", "{\"data\":[],\"data\":[]}",
        ])
    func refused(text: String) throws {
        let error = try #require(throws: StoreError.self) { try ProviderResponse.detect(response(200, text: text)) }
        #expect(error.code == .invalidInput)
        #expect(error.message.hasPrefix("the body "))
    }

    @Test("Each reader refuses an answer of another API")
    func crossed() throws {
        let images: JSONValue = ["data": []]
        let gemini: JSONValue = ["candidates": []]
        #expect(throws: StoreError.self) { try ProviderResponse.openAIImages(response(200, gemini)) }
        #expect(throws: StoreError.self) { try ProviderResponse.openAIResponses(response(200, images)) }
        #expect(throws: StoreError.self) { try ProviderResponse.geminiGenerateContent(response(200, images)) }
    }

    @Test("A redirect or an interim answer is refused", arguments: [100, 199, 300, 302, 399])
    func notFinal(status: Int) throws {
        let error = try #require(throws: StoreError.self) {
            try ProviderResponse.detect(response(status, ["data": []]))
        }
        #expect(error.code == .invalidInput)
        #expect(error.message.contains("\(status)"))
    }

    @Test(
        "A provider name the record could not hold is refused",
        arguments: ["", "a\0b", String(repeating: "x", count: 257), "h?X-Amz-Signature=1"])
    func providerName(name: String) throws {
        let good = try response(200, ["data": []])
        let calls: [() throws -> ProviderAnswer] = [
            { try ProviderResponse.openAIImages(good, provider: name) },
            { try ProviderResponse.openAIResponses(good, provider: name) },
            { try ProviderResponse.geminiGenerateContent(good, provider: name) },
            { try ProviderResponse.detect(good, provider: name) },
            { try ProviderResponse.timedOut(provider: name) },
        ]
        for call in calls {
            let error = try #require(throws: StoreError.self) { try call() }
            #expect(error.code == .invalidInput)
            #expect(error.message.hasPrefix("provider "))
        }
    }
}
