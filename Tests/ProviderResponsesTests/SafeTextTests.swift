import ArtifactStore
import Foundation
import Testing

@testable import ProviderResponses

@Suite struct SafeTextTests {
    private func message(_ text: String) throws -> String {
        let answer = try ProviderResponse.openAIImages(response(400, openAIError("x", .string(text))))
        try answer.checkRecordable()
        return try answer.onlyFailure().message
    }

    @Test("A provider's message is cut to 2,000 bytes at a whole character")
    func cut() throws {
        #expect(try message(String(repeating: "a", count: 2_000)).utf8.count == 2_000)
        let long = try message(String(repeating: "é", count: 3_000))
        #expect(long.utf8.count <= 2_000)
        #expect(long.utf8.count > 1_990)
        #expect(long.hasSuffix("é…"))
        let onePile = try message("a" + String(repeating: "\u{301}", count: 5_000))
        #expect(onePile.utf8.count <= 2_000 && onePile.utf8.count > 1_990)
    }

    @Test(
        "Signed URLs leave a message and the rest of it stays",
        arguments: [
            ("see https://b.example/k?X-Amz-Signature=abc&x=1 now", "see [signed URL removed] now"),
            ("see \"https://b.example/k?x-goog-signature=abc\".", "see \"[signed URL removed]\"."),
            ("<https://b.example/k?se=1&sig=abc> failed", "<[signed URL removed]> failed"),
            ("se=1 then sig=abc", "se=1 then [signed URL removed]"),
            ("X-Amz-\0Signature=abc is gone", "[signed URL removed] is gone"),
            ("X-Amz-Signature=\u{338}abc", "[signed URL removed]"),
            ("only sig=abc stays", "only sig=abc stays"),
            ("a\0b", "ab"),
        ])
    func signedURLs(text: String, expected: String) throws {
        #expect(try message(text) == expected)
    }

    @Test("A message of nothing but blanks is replaced by what is known", arguments: ["", " \n", "\0"])
    func blank(text: String) throws {
        #expect(try message(text) == "openai answered HTTP 400 without an explanation")
    }

    @Test(
        "An id or code the record could not hold is left out",
        arguments: ["", "a\0b", String(repeating: "x", count: 257), "?X-Amz-Signature=a", "se=1&sig=2"])
    func ids(text: String) throws {
        let answer = try ProviderResponse.openAIImages(
            response(400, openAIError(.string(text), type: "kept"), headers: ["x-request-id": text]))
        try answer.checkRecordable()
        #expect(try answer.onlyFailure().providerCode == "kept")
        #expect(answer.execution.providerRequestId == nil)
    }

    @Test("A usage object with a signed URL or a NUL is left out, its counts kept", arguments: ["se=1&sig=2", "a\0b"])
    func usage(text: String) throws {
        let answer = try ProviderResponse.openAIImages(
            response(200, ["data": [], "usage": ["input_tokens": 3, "note": .string(text)]]))
        try answer.checkRecordable()
        #expect(answer.usage?.inputTokens == 3)
        #expect(answer.usage?.providerUsage == nil)
    }
}
