import ArtifactStoreS3
import Synchronization

/// One answer the first time, another one from then on.
final class AnswerOnce: Sendable {
    private let isUsed = Mutex(false)
    private let first: ScriptedTransport.Answer
    private let then: ScriptedTransport.Answer

    init(first: @escaping ScriptedTransport.Answer, then: @escaping ScriptedTransport.Answer) {
        self.first = first
        self.then = then
    }

    func next(_ request: S3HTTPRequest) throws -> S3HTTPResponse {
        let wasUsed = isUsed.withLock { isUsed in
            defer { isUsed = true }
            return isUsed
        }
        return try wasUsed ? then(request) : first(request)
    }
}
