import ArtifactStoreS3
import Foundation
import Synchronization

/// Answers requests from a script, and remembers them.
final class ScriptedTransport: S3Transport {
    typealias Answer = @Sendable (S3HTTPRequest) throws -> S3HTTPResponse

    struct Unexpected: Error {
        let request: String
    }

    private struct State {
        var answers: [Answer]
        var requests: [S3HTTPRequest] = []
        var timeouts: [Duration] = []
        var bodyLimits: [Int] = []
    }

    private let state: Mutex<State>
    private let otherwise: Answer?

    /// - Parameter otherwise: Answers what comes after the script; without it, that is an error.
    init(_ answers: [Answer], otherwise: Answer? = nil) {
        state = Mutex(State(answers: answers))
        self.otherwise = otherwise
    }

    var requests: [S3HTTPRequest] { state.withLock { $0.requests } }
    var timeouts: [Duration] { state.withLock { $0.timeouts } }
    var bodyLimits: [Int] { state.withLock { $0.bodyLimits } }

    func send(_ request: S3HTTPRequest, timeout: Duration, bodyLimit: Int) async throws -> S3HTTPResponse {
        let answer = try state.withLock { state in
            state.requests.append(request)
            state.timeouts.append(timeout)
            state.bodyLimits.append(bodyLimit)
            guard state.answers.isEmpty else { return state.answers.removeFirst() }
            guard let otherwise else { throw Unexpected(request: request.description) }
            return otherwise
        }
        let response = try answer(request)
        guard response.body.count <= bodyLimit else {
            throw S3TransportFailure.bodyTooLong(byteCount: Int64(response.body.count))
        }
        return response
    }
}

func answer(_ status: Int, _ body: String = "", _ headers: [String: String] = [:]) -> ScriptedTransport.Answer {
    { _ in
        S3HTTPResponse(
            status: status, headers: headers.map { S3Request.Field($0.key, $0.value) }, body: Data(body.utf8))
    }
}

func refusal(_ status: Int, _ code: String) -> ScriptedTransport.Answer {
    answer(status, "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>m</Message></Error>")
}

func fails(_ failure: S3TransportFailure) -> ScriptedTransport.Answer {
    { _ in throw failure }
}
