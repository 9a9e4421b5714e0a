import ArtifactStore
import Foundation
import ProviderResponses
import Testing

/// One failed request and what it must become.
struct FailureCase: Sendable, CustomTestStringConvertible {
    let status: Int
    let body: JSONValue
    let type: ArtifactFailure.FailureType
    let action: ArtifactFailure.Action
    let retryable: Bool
    let code: String?

    init(
        _ status: Int, _ body: JSONValue, _ type: ArtifactFailure.FailureType, _ action: ArtifactFailure.Action,
        retryable: Bool = false, code: String?
    ) {
        (self.status, self.body, self.type, self.action) = (status, body, type, action)
        (self.retryable, self.code) = (retryable, code)
    }

    var testDescription: String { "\(status) \(code ?? "no code") -> \(type.rawValue)" }
}

@Suite struct HTTPFailureTests {
    static let cases: [FailureCase] = [
        .init(401, openAIError("invalid_api_key"), .providerUnavailable, .contactOperator, code: "invalid_api_key"),
        .init(
            403, openAIError(.null, type: "invalid_request_error"), .providerUnavailable, .contactOperator,
            code: "invalid_request_error"),
        .init(
            403, googleError(403, "PERMISSION_DENIED"), .providerUnavailable, .contactOperator,
            code: "PERMISSION_DENIED"),
        .init(
            400, googleError(400, "INVALID_ARGUMENT", details: [["reason": "API_KEY_INVALID"]]), .providerUnavailable,
            .contactOperator, code: "INVALID_ARGUMENT"),
        .init(402, openAIError(.null), .providerUnavailable, .contactOperator, code: nil),
        .init(
            429, openAIError("insufficient_quota"), .providerUnavailable, .contactOperator, code: "insufficient_quota"),
        .init(
            400, openAIError("billing_hard_limit_reached"), .providerUnavailable, .contactOperator,
            code: "billing_hard_limit_reached"),
        .init(404, openAIError("model_not_found"), .unsupportedModel, .chooseModel, code: "model_not_found"),
        .init(403, openAIError("model_not_found"), .unsupportedModel, .chooseModel, code: "model_not_found"),
        .init(404, googleError(404, "NOT_FOUND"), .unsupportedModel, .chooseModel, code: "NOT_FOUND"),
        .init(404, [googleError(404, "NOT_FOUND")], .unsupportedModel, .chooseModel, code: "NOT_FOUND"),
        .init(
            400, ["error": ["message": "no", "param": "model", "code": "invalid_value"]], .unsupportedModel,
            .chooseModel, code: "invalid_value"),
        .init(
            404, ["code": "Some requested entity was not found", "error": "The model x does not exist"],
            .unsupportedModel, .chooseModel, code: "Some requested entity was not found"),
        .init(400, openAIError("moderation_blocked"), .unsafeImageRequest, .changePrompt, code: "moderation_blocked"),
        .init(
            400, openAIError("content_policy_violation"), .unsafeImageRequest, .changePrompt,
            code: "content_policy_violation"),
        .init(400, openAIError("invalid_prompt"), .unsafeImageRequest, .changePrompt, code: "invalid_prompt"),
        .init(400, openAIError("contentFilter"), .unsafeImageRequest, .changePrompt, code: "contentFilter"),
        .init(
            400,
            googleError(400, "INVALID_ARGUMENT", "The response is blocked, as it may violate our policies. 58061214"),
            .unsafeImageRequest, .changePrompt, code: "INVALID_ARGUMENT"),
        .init(
            403, ["code": "no permission", "error": "Content violates usage guidelines."], .unsafeImageRequest,
            .changePrompt, code: "no permission"),
        .init(400, openAIError("invalid_value"), .invalidImageRequest, .changeParameters, code: "invalid_value"),
        .init(
            422, openAIError(.null, type: "invalid_request_error"), .invalidImageRequest, .changeParameters,
            code: "invalid_request_error"),
        .init(
            400, googleError(400, "INVALID_ARGUMENT"), .invalidImageRequest, .changeParameters,
            code: "INVALID_ARGUMENT"),
        .init(
            429, openAIError("rate_limit_exceeded"), .providerUnavailable, .retryLater, retryable: true,
            code: "rate_limit_exceeded"),
        .init(
            429, googleError(429, "RESOURCE_EXHAUSTED"), .providerUnavailable, .retryLater, retryable: true,
            code: "RESOURCE_EXHAUSTED"),
        .init(
            500, openAIError(.null, type: "server_error"), .providerUnavailable, .retryLater, retryable: true,
            code: "server_error"),
        .init(502, openAIError(.null), .providerUnavailable, .retryLater, retryable: true, code: nil),
        .init(
            503, googleError(503, "UNAVAILABLE"), .providerUnavailable, .retryLater, retryable: true,
            code: "UNAVAILABLE"),
        .init(
            529, openAIError(.null, type: "overloaded_error"), .providerUnavailable, .retryLater, retryable: true,
            code: "overloaded_error"),
        .init(404, openAIError(.null), .providerUnavailable, .contactOperator, code: nil),
    ]

    @Test("A failed request becomes the failure type that says what to do", arguments: cases)
    func mapping(one: FailureCase) throws {
        let answer = try ProviderResponse.detect(
            response(one.status, one.body, headers: ["x-request-id": "req_1"]), provider: "host")
        try answer.checkRecordable()
        let failure = try answer.onlyFailure()
        #expect(failure.type == one.type)
        #expect(failure.action == one.action)
        #expect(failure.retryable == one.retryable)
        #expect(failure.providerCode == one.code)
        #expect(!failure.recoveryGuidance.isEmpty)
        #expect(answer.execution == ModelExecution(provider: "host", providerRequestId: "req_1"))
        #expect(answer.usage == nil)
    }

    @Test("A timeout at the provider is an unknown outcome, not a failure", arguments: [408, 504, 524])
    func timeouts(status: Int) throws {
        for body in [openAIError(.null), googleError(504, "DEADLINE_EXCEEDED"), .string("<html>")] {
            let answer = try ProviderResponse.openAIImages(response(status, body))
            try answer.checkRecordable()
            #expect(answer.unknownReason?.contains("may have made the image") == true)
            #expect(answer.execution == ModelExecution(provider: "openai"))
        }
    }

    @Test("Google's deadline is an unknown outcome whatever the HTTP status")
    func deadline() throws {
        let answer = try ProviderResponse.geminiGenerateContent(response(500, googleError(504, "DEADLINE_EXCEEDED")))
        #expect(answer.unknownReason != nil)
        let inBand = try ProviderResponse.detect(response(200, googleError(504, "DEADLINE_EXCEEDED")))
        #expect(inBand.unknownReason != nil)
    }

    @Test("A call that never came back is an unknown outcome")
    func timedOut() throws {
        let answer = try ProviderResponse.timedOut(provider: "openai")
        try answer.checkRecordable()
        #expect(answer.unknownReason != nil)
        #expect(answer.execution == ModelExecution(provider: "openai"))
    }

    @Test("The parameter at fault is named in the guidance")
    func parameter() throws {
        let body: JSONValue = [
            "error": ["message": "Invalid value: '17x17'.", "param": "size", "code": "invalid_value"]
        ]
        let failure = try ProviderResponse.openAIImages(response(400, body)).onlyFailure()
        #expect(failure.recoveryGuidance.contains("parameter size"))
        #expect(failure.message == "Invalid value: '17x17'.")
    }

    @Test(
        "A status alone is enough when the body says nothing",
        arguments: [
            (401, .providerUnavailable), (404, .providerUnavailable), (400, .invalidImageRequest),
            (413, .invalidImageRequest), (429, .providerUnavailable), (500, .providerUnavailable),
            (503, .providerUnavailable),
        ] as [(Int, ArtifactFailure.FailureType)])
    func bareStatus(status: Int, type: ArtifactFailure.FailureType) throws {
        for text in ["", "<html><h1>Bad gateway</h1></html>", "[]", "{\"detail\":\"x\"}", "{\"error\":null}"] {
            let answer = try ProviderResponse.detect(response(status, text: text))
            try answer.checkRecordable()
            #expect(answer.execution.provider == "unknown")
            let failure = try answer.onlyFailure()
            #expect(failure.type == type)
            #expect(failure.message.contains("HTTP \(status)"))
            #expect(failure.providerCode == nil)
        }
    }
}
