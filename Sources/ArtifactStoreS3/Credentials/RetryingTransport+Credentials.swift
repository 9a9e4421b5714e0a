internal import ArtifactStore
internal import Foundation

extension S3RetryPolicy {
    /// For credentials: four attempts, 5 s each, 20 s in all.
    public static let credentials: S3RetryPolicy = {
        var policy = S3RetryPolicy()
        policy.maximumAttempts = 4
        policy.attemptTimeout = .seconds(5)
        policy.deadline = .seconds(20)
        return policy
    }()
}

extension RetryingTransport {
    /// The one answer to a request for credentials, which must be a success.
    func answer(_ what: String, _ request: S3HTTPRequest) async throws -> S3HTTPResponse {
        let answer: S3HTTPResponse
        do {
            answer = try await send(what, deadline: deadline(), bodyLimit: 65_536) { request }
        } catch is S3TransportFailure {
            throw Self.unreadable(what)
        }
        guard answer.status == 200 else { throw S3Refusal(answer).credentialsError(what) }
        return answer
    }

    static func unreadable(_ what: String) -> StoreError {
        StoreError(
            .objectStorage, "the \(what) was answered with something other than credentials",
            hint: "Check which service answers at the configured address.")
    }
}

extension S3Refusal {
    func credentialsError(_ what: String) -> StoreError {
        StoreError(
            .objectStorage, "the \(what) was refused: \(self)",
            hint: "Check the role, its trust policy and the token that the platform provides.")
    }
}
