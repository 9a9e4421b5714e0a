import Foundation
import Testing

@testable import ArtifactStore
@testable import ProviderResponses

/// Bytes that stand for an image: what matters here is that they come back unchanged.
let imageBytes = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0xFF, 0x10])
let imageBase64 = imageBytes.base64EncodedString()

func response(
    _ status: Int = 200, _ body: JSONValue, headers: [String: String] = [:]
) throws -> ProviderHTTPResponse {
    try ProviderHTTPResponse(httpStatus: status, headers: headers, body: Data(body.compactText.utf8))
}

func response(
    _ status: Int, text: String, headers: [String: String] = [:]
) throws -> ProviderHTTPResponse {
    try ProviderHTTPResponse(httpStatus: status, headers: headers, body: Data(text.utf8))
}

/// An error body in OpenAI's shape.
func openAIError(_ code: JSONValue, _ message: JSONValue = "no", type: JSONValue = .null) -> JSONValue {
    ["error": ["message": message, "type": type, "param": .null, "code": code]]
}

/// An error body in Google's shape.
func googleError(_ code: Int64, _ status: String, _ message: String = "no", details: [JSONValue] = []) -> JSONValue {
    [
        "error": [
            "code": .integer(code), "message": .string(message), "status": .string(status), "details": .array(details),
        ]
    ]
}

extension ProviderAnswer {
    var results: [ImageResult] {
        guard case .finished(let results) = outcome else { return [] }
        return results
    }

    var images: [GeneratedImage] {
        results.compactMap { if case .image(let image) = $0 { image } else { nil } }
    }

    var failures: [ArtifactFailure] {
        results.compactMap { if case .failed(let failure) = $0 { failure } else { nil } }
    }

    var unknownReason: String? {
        guard case .unknown(let reason) = outcome else { return nil }
        return reason
    }

    /// The one failure of an answer that has nothing else.
    func onlyFailure(sourceLocation: SourceLocation = #_sourceLocation) throws -> ArtifactFailure {
        try #require(results.count == 1, "\(outcome)", sourceLocation: sourceLocation)
        return try #require(failures.first, "\(outcome)", sourceLocation: sourceLocation)
    }

    /// Holds every text and number of the answer to the store's own rules.
    ///
    /// - Throws: what recording this answer would throw.
    func checkRecordable() throws {
        try execution.validate()
        try usage?.validate()
        if let json = usage?.providerUsage { #expect(!json.compactText.contains("\\u0000")) }
        switch outcome {
        case .unknown(let reason):
            try TextRule.check(reason, "reason", atMost: TextLimit.message)
        case .finished(let results):
            #expect(!results.isEmpty)
            if !images.isEmpty { try execution.validateForCompletion() }
            for image in images {
                #expect(!image.bytes.isEmpty)
                try TextRule.check(image.revisedPrompt, "revisedPrompt", atMost: TextLimit.prompt)
            }
            for failure in failures { try failure.validate() }
        }
    }
}
