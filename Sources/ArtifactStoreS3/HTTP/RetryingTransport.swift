internal import ArtifactStore
internal import Foundation

/// A transport that tries again, until an answer is final, the attempts are used up or the deadline comes.
struct RetryingTransport: Sendable {
    let transport: any S3Transport
    let policy: S3RetryPolicy
    let timing: S3Timing

    /// The moment, by ``S3Timing/elapsed``, when a call that begins now must have ended.
    func deadline() -> Duration { timing.elapsed() + policy.deadline }

    /// Sends until there is a final answer, whatever its status.
    ///
    /// - Parameter what: Names the call in errors, such as `PUT of a/b.png`.
    /// - Parameter request: Called for each attempt, since every one is signed anew.
    func send(
        _ what: String, deadline: Duration, bodyLimit: Int, _ request: () async throws -> S3HTTPRequest
    ) async throws -> S3HTTPResponse {
        var attempt = 1
        while true {
            try Task.checkCancellation()
            let request = try await request()
            let remaining = deadline - timing.elapsed()
            guard remaining > .zero else { throw tooLate(what, attempts: attempt - 1, last: nil) }
            let trouble: Trouble
            do {
                let answer = try await transport.send(
                    request, timeout: min(policy.attemptTimeout, remaining), bodyLimit: bodyLimit)
                guard let found = Trouble(answer, to: request) else { return answer }
                trouble = found
            } catch let failure as S3TransportFailure {
                if case .bodyTooLong = failure { throw failure }
                try Task.checkCancellation()
                trouble = Trouble(failure)
            }
            guard attempt < policy.maximumAttempts else { throw exhausted(what, attempts: attempt, trouble) }
            let delay = max(
                policy.delay(afterAttempt: attempt, random: timing.random()), trouble.retryAfter ?? .zero)
            guard timing.elapsed() + delay < deadline else { throw tooLate(what, attempts: attempt, last: trouble) }
            try await timing.sleep(delay)
            attempt += 1
        }
    }

    private func exhausted(_ what: String, attempts: Int, _ trouble: Trouble) -> StoreError {
        StoreError(
            .objectStorage, "S3 did not carry out the \(what) in \(attempts) attempts; the last one \(trouble.text)",
            hint: "Repeat the call later: it converges. Look at the service's state if this goes on.")
    }

    private func tooLate(_ what: String, attempts: Int, last trouble: Trouble?) -> StoreError {
        let end = trouble.map { "; the last one \($0.text)" } ?? ""
        return StoreError(
            .objectStorage, "the deadline of the \(what) came after \(attempts) attempts\(end)",
            hint: "Repeat the call later: it converges. Large objects over slow lines need a later deadline.")
    }
}

/// Why an attempt is worth another one.
private struct Trouble {
    let text: String
    let retryAfter: Duration?

    private static let statuses: Set<Int> = [408, 429, 500, 502, 503, 504]
    private static let codes: Set<String> = [
        "InternalError", "OperationAborted", "RequestTimeout", "RequestTimeoutException", "ServiceUnavailable",
        "SlowDown", "Throttling", "ThrottlingException", "TooManyRequests", "IDPCommunicationError",
    ]

    /// Nil when the answer is final.
    init?(_ answer: S3HTTPResponse, to request: S3HTTPRequest) {
        // S3 sends the status of a completion before it is done, so a 200 may hold an error. A read's 200 holds an
        // object, whose bytes may say anything.
        guard answer.status >= 300 || request.method == "POST" else { return nil }
        let refusal = S3Refusal(answer)
        guard Self.statuses.contains(answer.status) || refusal.code.map(Self.codes.contains) == true else { return nil }
        text = "was answered \(refusal)"
        retryAfter = answer.header("retry-after").flatMap(Self.seconds)
    }

    init(_ failure: S3TransportFailure) {
        text =
            switch failure {
            case .timedOut: "got no answer in time"
            case .connection(let kind): "lost its connection (\(kind))"
            case .bodyTooLong: "had too long an answer"
            }
        retryAfter = nil
    }

    /// Whole seconds, at most a day. The other form, a date, would compare the server's clock with ours.
    private static func seconds(_ text: String) -> Duration? {
        guard let seconds = Int(text.trimmingCharacters(in: .whitespaces)), (0...86_400).contains(seconds) else {
            return nil
        }
        return .seconds(seconds)
    }
}
