import ArtifactStore
import ArtifactStoreS3
import Foundation
import Testing

@Suite("What is tried again, how often and how long")
struct RetryTests {
    private let key = Result { try ObjectKey("a/b.png") }

    private func head(_ transport: ScriptedTransport, _ time: ManualTime) async throws -> Int64? {
        try await storage(transport, time: time).head(key.get())
    }

    private static let found = answer(200, "", ["content-length": "7"])

    @Test(
        "A moment's trouble is tried again, and then forgotten",
        arguments: [
            refusal(500, "InternalError"), refusal(503, "SlowDown"), answer(502), answer(504), answer(429),
            refusal(400, "RequestTimeout"), refusal(409, "OperationAborted"), fails(.timedOut),
            fails(.connection(kind: "reset")),
        ])
    func retried(trouble: @escaping ScriptedTransport.Answer) async throws {
        let time = ManualTime()
        let transport = ScriptedTransport([trouble, trouble, Self.found])
        #expect(try await head(transport, time) == 7)
        #expect(transport.requests.count == 3)
        // Half of 100 ms, then half of 200 ms.
        #expect(time.waits == [.milliseconds(50), .milliseconds(100)])
    }

    @Test(
        "What will not change is answered at once",
        arguments: [
            refusal(403, "AccessDenied"), refusal(400, "InvalidRequest"), refusal(301, "PermanentRedirect"),
            refusal(501, "NotImplemented"), refusal(403, "RequestTimeTooSkewed"),
        ])
    func final(refusal: @escaping ScriptedTransport.Answer) async throws {
        let time = ManualTime()
        let transport = ScriptedTransport([refusal])
        _ = try await storeError(.objectStorage) { _ = try await head(transport, time) }
        #expect(transport.requests.count == 1 && time.waits.isEmpty)
    }

    @Test("Attempts end after six, with waits that double up to their limit", arguments: [0.0, 0.25, 1.0])
    func exhausted(random: Double) async throws {
        let time = ManualTime(random: random)
        let transport = ScriptedTransport([], otherwise: refusal(503, "SlowDown"))
        let error = try await storeError(.objectStorage) { _ = try await head(transport, time) }
        #expect(error.message.contains("6 attempts") && error.message.contains("503 SlowDown"))
        #expect(transport.requests.count == 6)
        #expect(time.waits == [100, 200, 400, 800, 1_600].map { .milliseconds($0) * random })
    }

    @Test("Doubling ends at the longest wait")
    func longest() async throws {
        let time = ManualTime(random: 1)
        let transport = ScriptedTransport([], otherwise: answer(503))
        let storage = try storage(transport, time: time) { configuration in
            configuration.retry.maximumAttempts = 5
            configuration.retry.firstDelay = .seconds(3)
            configuration.retry.longestDelay = .seconds(10)
        }
        _ = try await storeError(.objectStorage) { _ = try await storage.head(key.get()) }
        #expect(time.waits == [.seconds(3), .seconds(6), .seconds(10), .seconds(10)])
    }

    @Test("Retry-After is waited for where it is longer, and nothing that is no number of seconds is believed")
    func retryAfter() async throws {
        let time = ManualTime()
        let transport = ScriptedTransport([
            answer(503, "", ["Retry-After": "7"]), answer(503, "", ["Retry-After": "0"]),
            answer(503, "", ["Retry-After": "-3"]), answer(503, "", ["Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"]),
            answer(503, "", ["Retry-After": "86401"]), Self.found,
        ])
        #expect(try await head(transport, time) == 7)
        #expect(
            time.waits == [.seconds(7), .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800)])
    }

    @Test("No wait passes the deadline, and the last attempt gets no more than what is left")
    func deadline() async throws {
        let time = ManualTime()
        let slow: ScriptedTransport.Answer = { _ in
            time.advance(by: .seconds(60))
            throw S3TransportFailure.timedOut
        }
        let transport = ScriptedTransport([], otherwise: slow)
        let storage = try storage(transport, time: time) { $0.retry.deadline = .seconds(150) }
        let error = try await storeError(.objectStorage) { _ = try await storage.head(key.get()) }
        #expect(error.message.contains("deadline"))
        #expect(transport.timeouts.count == 3)
        let last = try #require(transport.timeouts.last)
        #expect(transport.timeouts[0] == .seconds(60) && last < .seconds(30) && last > .seconds(29))

        let asked = ScriptedTransport([answer(503, "", ["Retry-After": "3600"])])
        let calm = ManualTime()
        _ = try await storeError(.objectStorage) { _ = try await head(asked, calm) }
        #expect(calm.waits.isEmpty, "an hour is beyond the deadline: no use in waiting")
    }

    @Test("Nothing is sent when the credentials alone took longer than there was time")
    func slowCredentials() async throws {
        let time = ManualTime()
        let slow = CountingProvider {
            time.advance(by: .seconds(301))
            return nil
        }
        let transport = ScriptedTransport([], otherwise: Self.found)
        let error = try await storeError(.objectStorage) {
            _ = try await storage(transport, time: time, credentials: slow).head(key.get())
        }
        #expect(error.message.contains("deadline") && transport.requests.isEmpty)
    }

    @Test("An object whose bytes look like an error is an object")
    func errorAsObject() async throws {
        let text = "<Error><Code>SlowDown</Code></Error>"
        let transport = ScriptedTransport([answer(200, text)])
        let found = try await storage(transport).get(key.get(), expecting: ImageFacts())
        #expect(found == Data(text.utf8))
    }

    @Test("Every attempt is signed anew, with its own time")
    func signedAnew() async throws {
        let time = ManualTime(random: 1)
        let transport = ScriptedTransport([answer(503, "", ["Retry-After": "90"]), Self.found])
        _ = try await head(transport, time)
        let dates = transport.requests.compactMap { request in
            request.headers.first { $0.name == "x-amz-date" }?.value
        }
        #expect(dates == ["20260101T000000Z", "20260101T000130Z"])
    }

    @Test("A cancelled call is not tried again, and throws CancellationError")
    func cancelled() async throws {
        let transport = ScriptedTransport([], otherwise: answer(503))
        let storage = try storage(transport)
        let key = try key.get()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await storage.head(key)
        }
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(transport.requests.isEmpty)
    }

    @Test("A policy out of bounds is refused", arguments: [0, 21])
    func bounds(attempts: Int) async throws {
        _ = try await storeError(.invalidInput) {
            _ = try storage(ScriptedTransport([])) { $0.retry.maximumAttempts = attempts }
        }
    }
}
