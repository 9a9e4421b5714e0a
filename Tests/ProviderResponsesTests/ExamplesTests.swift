import Foundation
import ProviderResponses
import Testing

@testable import ArtifactStore

/// The recorded answers and requests that the demonstration uses.
@Suite struct ExamplesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Examples").standardizedFileURL

    private static func json(_ path: String) throws -> JSONValue {
        try JSONParser.parse(Data(contentsOf: folder.appending(path: path)))
    }

    @Test(
        "Each example ends as its README says",
        arguments: [
            ("openai-images-completed", ["dusk"], nil), ("openai-images-two-images", ["dawn", "night"], nil),
            ("openai-images-moderation-blocked", [], .unsafeImageRequest),
            ("openai-images-rate-limited", [], .providerUnavailable),
            ("openai-responses-tool-call", ["dusk"], nil), ("gemini-completed", ["night"], nil),
        ] as [(String, [String], ArtifactFailure.FailureType?)])
    func answers(name: String, images: [String], failure: ArtifactFailure.FailureType?) throws {
        let recorded = try ProviderHTTPResponse(recorded: Self.json("responses/\(name).json"))
        let answer = try ProviderResponse.detect(recorded)
        try answer.checkRecordable()
        let files = try images.map { image in
            try Data(contentsOf: Self.folder.appending(path: "images/lighthouse-\(image).png"))
        }
        #expect(answer.images.map(\.bytes) == files)
        #expect(answer.failures.map(\.type) == (failure.map { [$0] } ?? []))
        #expect(answer.execution.providerRequestId != nil)

        let request = try Self.json("requests/\(name).json")
        try GeneratedImageRequest(
            prompt: #require(request["prompt"]?.string), model: #require(request["model"]?.string),
            size: request["size"]?.string, quality: request["quality"]?.string,
            background: request["background"]?.string, outputFormat: request["outputFormat"]?.string,
            seed: request["seed"]?.integer, extraParameters: request["extraParameters"]
        ).validate()
    }
}
