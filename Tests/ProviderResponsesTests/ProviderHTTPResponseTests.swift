import ArtifactStore
import Foundation
import ProviderResponses
import Testing

@Suite struct ProviderHTTPResponseTests {
    @Test("Headers are found whatever the case of their names")
    func headers() throws {
        let response = try ProviderHTTPResponse(
            httpStatus: 200, headers: ["X-Request-ID": "req_1", "a": "1", "A": "2"], body: Data())
        #expect(response.header("x-request-id") == "req_1")
        #expect(response.header("X-REQUEST-ID") == "req_1")
        #expect(response.header("a") == "2, 1")
        #expect(response.header("b") == nil)
    }

    @Test("A live body that is no JSON is kept as it came")
    func otherBody() throws {
        let response = try ProviderHTTPResponse(httpStatus: 502, body: Data("<html>".utf8))
        guard case .other(let bytes) = response.body else {
            Issue.record("read as JSON")
            return
        }
        #expect(bytes == Data("<html>".utf8))
        #expect(response.json == nil)
    }

    @Test("A recorded answer gives status, headers and a JSON body")
    func recorded() throws {
        let response = try ProviderHTTPResponse(
            recorded: ["httpStatus": 429, "headers": ["Retry-After": "12"], "body": ["error": "slow down"]])
        #expect(response.httpStatus == 429)
        #expect(response.header("retry-after") == "12")
        #expect(response.json?["error"]?.string == "slow down")
    }

    @Test(
        "A recorded body that was no JSON is a string, and an empty one is null or left out",
        arguments: [
            (["httpStatus": 502, "body": "<html>"], "<html>"),
            (["httpStatus": 502, "body": .null], ""),
            (["httpStatus": 502], ""),
        ] as [(JSONValue, String)])
    func recordedText(recorded: JSONValue, expected: String) throws {
        guard case .other(let bytes) = try ProviderHTTPResponse(recorded: recorded).body else {
            Issue.record("read as JSON")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test(
        "A recorded answer that breaks a rule is refused by name",
        arguments: [
            ([], "not a JSON object"),
            (["httpStatus": 200, "status": 200], "\"status\""),
            (["body": [:]], "httpStatus is missing"),
            (["httpStatus": "200"], "httpStatus is missing or not a whole number"),
            (["httpStatus": .number("200.5")], "httpStatus is missing or not a whole number"),
            (["httpStatus": 99], "httpStatus is 99"),
            (["httpStatus": 600], "httpStatus is 600"),
            (["httpStatus": .number("9223372036854775808")], "httpStatus"),
            (["httpStatus": 200, "headers": []], "headers is not a JSON object"),
            (["httpStatus": 200, "headers": ["retry-after": 12]], "headers.retry-after is not a text"),
            (["httpStatus": 200, "headers": ["Date": "a", "date": "b"]], "headers.date appears twice"),
        ] as [(JSONValue, String)])
    func refused(recorded: JSONValue, reason: String) throws {
        let error = try #require(throws: StoreError.self) { try ProviderHTTPResponse(recorded: recorded) }
        #expect(error.code == .invalidInput)
        #expect(error.message.contains(reason))
    }

    @Test("A live status outside 100 to 599 is refused", arguments: [0, 99, 600, -200, .max, .min])
    func liveStatus(status: Int) throws {
        let error = try #require(throws: StoreError.self) {
            try ProviderHTTPResponse(httpStatus: status, body: Data())
        }
        #expect(error.code == .invalidInput)
    }
}
