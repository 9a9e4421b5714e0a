import ArtifactStoreTesting
import Foundation
import ProviderResponses
import Testing

@testable import ArtifactStore

/// Whatever a provider sends, the result is either a refusal or an answer that can be recorded.
@Suite struct HostileAnswerTests {
    private static let bodies: [JSONValue] = [
        [
            "created": 1, "data": [["b64_json": .string(imageBase64), "revised_prompt": "p"], ["url": "https://h/a"]],
            "usage": ["input_tokens": 1, "input_tokens_details": ["text_tokens": 1], "output_tokens": 2],
        ],
        [
            "id": "resp_1", "object": "response", "status": "completed", "error": .null,
            "output": [
                [
                    "type": "image_generation_call", "status": "completed", "result": .string(imageBase64),
                    "revised_prompt": "p",
                ], ["type": "message", "content": [["type": "output_text", "text": "t"]]],
            ],
            "tools": [["type": "image_generation", "model": "m"]],
            "usage": ["input_tokens": 1, "input_tokens_details": ["cached_tokens": 0], "total_tokens": 2],
        ],
        [
            "object": "response", "status": "incomplete", "incomplete_details": ["reason": "max_output_tokens"],
            "output": [["type": "message", "content": [["type": "refusal", "refusal": "no"]]]],
        ],
        [
            "candidates": [
                [
                    "content": [
                        "parts": [
                            ["text": "t"], ["inlineData": ["mimeType": "image/png", "data": .string(imageBase64)]],
                        ]
                    ], "finishReason": "STOP", "finishMessage": "m",
                ], ["finishReason": "IMAGE_SAFETY", "finishMessage": "m"],
            ],
            "usageMetadata": [
                "promptTokenCount": 1, "promptTokensDetails": [["modality": "TEXT", "tokenCount": 1]],
            ], "modelVersion": "v", "responseId": "r",
        ],
        ["promptFeedback": ["blockReason": "SAFETY", "blockReasonMessage": "m"]],
        ["error": ["message": "m", "type": "t", "param": "size", "code": "c", "innererror": ["code": "i"]]],
        googleError(
            429, "RESOURCE_EXHAUSTED", "m",
            details: [["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"], ["reason": "R"]]),
        ["code": "c", "error": "m"],
    ]

    private static let poison: [JSONValue] = [
        .null, true, "", "\0", "a\0b", "https://h/k?X-Amz-Signature=0123", "x-goog-signature=1", "sig=1&se=2",
        "SIG=1 SE=2", "X-Amz-\0Signature=1", .string(String(repeating: "é", count: 1_500)),
        .string("=\u{338}sig=\u{338}se=\u{338}"), -1,
        .number("1e400"), .number("9223372036854775808"), .number("0.5"), [], [:], [[[]]], ["error": "x"],
        "data:image/png;base64,AAAA", "\u{202E}\u{1B}[31m",
    ]

    private static let statuses = [200, 200, 200, 200, 201, 400, 403, 404, 408, 429, 500, 503, 504, 599]

    private static let readers: [@Sendable (ProviderHTTPResponse) throws -> ProviderAnswer] = [
        { try ProviderResponse.openAIImages($0) }, { try ProviderResponse.openAIResponses($0) },
        { try ProviderResponse.geminiGenerateContent($0) }, { try ProviderResponse.detect($0) },
    ]

    private func check(_ body: Data, _ random: inout SeededGenerator) throws {
        let status = Self.statuses.randomElement(using: &random) ?? 200
        let header = Self.poison.compactMap(\.string).randomElement(using: &random) ?? ""
        let response = try ProviderHTTPResponse(
            httpStatus: status, headers: ["x-request-id": header, "retry-after": header, "date": header], body: body)
        for reader in Self.readers { try checkRecordable(response, reader) }
    }

    private func checkRecordable(
        _ response: ProviderHTTPResponse, _ reader: (ProviderHTTPResponse) throws -> ProviderAnswer
    ) throws {
        do {
            try reader(response).checkRecordable()
        } catch let error as StoreError where error.code == .invalidInput && error.message.hasPrefix("the body ") {
            #expect(response.httpStatus < 300)
        }
    }

    @Test("A body with any value replaced by any hostile one is refused or can be recorded", arguments: bodies.indices)
    func replacedValues(index: Int) throws {
        let body = Self.bodies[index]
        for place in 0..<nodeCount(body) {
            for value in Self.poison {
                let poisoned = Data(replacing(place, of: body, by: value).compactText.utf8)
                for status in [200, 400] {
                    let response = try ProviderHTTPResponse(httpStatus: status, body: poisoned)
                    try checkRecordable(response, { try ProviderResponse.detect($0) })
                }
            }
        }
    }

    @Test("A text longer than any the record holds is cut or left out, wherever it stands", arguments: bodies.indices)
    func longTexts(index: Int) throws {
        let long = JSONValue.string(String(repeating: "x", count: TextLimit.prompt + 1))
        let body = Self.bodies[index]
        for place in 0..<nodeCount(body) {
            let poisoned = Data(replacing(place, of: body, by: long).compactText.utf8)
            let response = try ProviderHTTPResponse(httpStatus: 200, body: poisoned)
            try checkRecordable(response, { try ProviderResponse.detect($0) })
        }
    }

    @Test("A body with several hostile values is refused or can be recorded", arguments: bodies.indices)
    func severalValues(index: Int) throws {
        var random = SeededGenerator(seed: UInt64(index) + 1)
        for _ in 0..<40 {
            var body = Self.bodies[index]
            for _ in 0..<3 {
                let place = Int.random(in: 0..<nodeCount(body), using: &random)
                body = replacing(place, of: body, by: Self.poison.randomElement(using: &random) ?? .null)
            }
            try check(Data(body.compactText.utf8), &random)
        }
    }

    @Test("A body cut off or garbled anywhere is refused or can be recorded", arguments: bodies.indices)
    func garbledBytes(index: Int) throws {
        var random = SeededGenerator(seed: UInt64(index) + 1_000)
        let whole = Array(Self.bodies[index].compactText.utf8)
        for end in whole.indices { try check(Data(whole[..<end]), &random) }
        for _ in 0..<150 {
            var bytes = whole
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(contentsOf: Array("\\u0000".utf8), at: place)
                case 2: bytes.insert(contentsOf: Array("?sig=1&se=2".utf8), at: place)
                default: bytes.removeSubrange(place..<min(place + 3, bytes.count - 1))
                }
            }
            try check(Data(bytes), &random)
        }
    }

    @Test("Nesting, duplicate names and sheer size are refused or can be recorded")
    func extremes() throws {
        var random = SeededGenerator(seed: 7)
        let texts = [
            String(repeating: "[", count: 100_000), "{\"data\":" + String(repeating: "[", count: 63) + "1",
            "{\"error\":{\"message\":\"\(String(repeating: "sig= se= ", count: 20_000))\"}}",
            "{\"error\":{\"message\":\"\\ud800\"}}", "{\"data\":[],\"usage\":{\"a\":1,\"a\":2}}",
            "{\"data\":[\(Array(repeating: "{}", count: 5_000).joined(separator: ","))]}",
        ]
        for text in texts {
            for _ in 0..<2 { try check(Data(text.utf8), &random) }
        }
    }

    /// The values inside a value, itself included.
    private func nodeCount(_ value: JSONValue) -> Int {
        let children = value.array ?? value.members?.map(\.value) ?? []
        return children.reduce(1) { $0 + nodeCount($1) }
    }

    /// The value with its node of that number, counted depth first from 0, replaced.
    private func replacing(_ place: Int, of value: JSONValue, by replacement: JSONValue) -> JSONValue {
        var next = 0
        func visit(_ value: JSONValue) -> JSONValue {
            let number = next
            next += 1
            guard number != place else { return replacement }
            switch value {
            case .array(let elements): return .array(elements.map(visit))
            case .object(let members): return .object(members.map { JSONValue.Member($0.name, visit($0.value)) })
            default: return value
            }
        }
        return visit(value)
    }
}
