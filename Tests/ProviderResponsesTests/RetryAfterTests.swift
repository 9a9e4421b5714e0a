import ArtifactStore
import Foundation
import ProviderResponses
import Testing

@Suite struct RetryAfterTests {
    private func retryAfter(
        _ headers: [String: String], _ body: JSONValue = openAIError("rate_limit_exceeded")
    ) throws -> ArtifactFailure {
        let answer = try ProviderResponse.openAIImages(response(429, body, headers: headers))
        try answer.checkRecordable()
        return try answer.onlyFailure()
    }

    @Test(
        "The wait is whole seconds, rounded up and held inside a year",
        arguments: [
            ("0", 0), ("12", 12), (" 12 ", 12), ("1.2", 2), ("-5", 0), ("31536001", 31_536_000),
            ("99999999999999999999999", 31_536_000), ("soon", nil), ("", nil), ("nan", nil), ("inf", nil),
            ("0x10", nil), ("1-2", nil), (".", nil), ("1e3", nil),
        ] as [(String, Int64?)])
    func seconds(text: String, expected: Int64?) throws {
        #expect(try retryAfter(["Retry-After": text]).retryAfter == expected)
    }

    @Test("Milliseconds are rounded up to seconds and come first")
    func milliseconds() throws {
        #expect(try retryAfter(["retry-after-ms": "1", "retry-after": "9"]).retryAfter == 1)
        #expect(try retryAfter(["retry-after-ms": "2001"]).retryAfter == 3)
        #expect(try retryAfter(["retry-after-ms": "x", "retry-after": "9"]).retryAfter == 9)
    }

    @Test(
        "A date is a wait only beside the provider's own date",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:07 GMT", 30),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 09:49:07 GMT", 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", "Sun, 06 Nov 1994 08:49:07 GMT", 31_536_000),
            ("Sun, 06 Nov 1994 08:49:37 GMT", nil, nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "yesterday", nil),
            ("Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:07 GMT", nil),
            ("Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:07 GMT", nil),
        ] as [(String, String?, Int64?)])
    func dates(until: String, now: String?, expected: Int64?) throws {
        var headers = ["retry-after": until]
        headers["date"] = now
        #expect(try retryAfter(headers).retryAfter == expected)
    }

    @Test("Google's RetryInfo is read when no header says how long")
    func retryInfo() throws {
        let body = googleError(
            429, "RESOURCE_EXHAUSTED",
            details: [
                ["@type": "type.googleapis.com/google.rpc.QuotaFailure"],
                ["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.07s"],
            ])
        #expect(try retryAfter([:], body).retryAfter == 35)
        #expect(try retryAfter(["retry-after": "3"], body).retryAfter == 3)
    }

    @Test("The wait stands in the guidance, and only where waiting helps")
    func guidance() throws {
        #expect(try retryAfter(["retry-after": "12"]).recoveryGuidance.contains("12 seconds"))
        let billing = try retryAfter(["retry-after": "12"], openAIError("insufficient_quota"))
        #expect(billing.retryAfter == nil)
        #expect(!billing.retryable)
    }
}
