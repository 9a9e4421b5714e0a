#if S3
    public import AsyncHTTPClient
    internal import Foundation
    internal import NIOCore
    internal import NIOHTTP1

    /// Requests over async-http-client; there with the trait `S3` only.
    public struct AsyncHTTPClientTransport: S3Transport {
        private let client: HTTPClient

        /// Sends through a client of the host's own, with its proxy and certificates, which the host also shuts down.
        ///
        /// - Parameter client: One that follows no redirects and decompresses nothing: a redirected request carries
        ///   the wrong signature, and objects are wanted as they are stored.
        public init(client: HTTPClient) {
            self.client = client
        }

        /// One client for the whole process, which lives as long: up to 64 connections a host, 10 s to connect.
        public static let shared = AsyncHTTPClientTransport(
            client: HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration))

        private static var configuration: HTTPClient.Configuration {
            var configuration = HTTPClient.Configuration(
                redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10)), decompression: .disabled)
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
            // A refused connection is for the retry policy, not to be hidden until the connect timeout.
            configuration.connectionPool.retryConnectionEstablishment = false
            configuration.httpVersion = .http1Only
            return configuration
        }

        /// Sends a request and reads the whole answer; see ``S3Transport/send(_:timeout:bodyLimit:)``.
        public func send(
            _ request: S3HTTPRequest, timeout: Duration, bodyLimit: Int
        ) async throws -> S3HTTPResponse {
            // The client's own deadline ends with the answer's head, so the body needs a clock beside it.
            try await withThrowingTaskGroup(of: S3HTTPResponse.self) { group in
                group.addTask { try await exchange(request, timeout: timeout, bodyLimit: bodyLimit) }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    throw S3TransportFailure.timedOut
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw CancellationError() }
                return answer
            }
        }

        private func exchange(
            _ request: S3HTTPRequest, timeout: Duration, bodyLimit: Int
        ) async throws -> S3HTTPResponse {
            do {
                let answer = try await client.execute(clientRequest(request), timeout: TimeAmount(timeout))
                let announced = answer.headers.first(name: "content-length").flatMap { Int64($0) }
                if request.method != "HEAD", let announced, announced > bodyLimit {
                    throw S3TransportFailure.bodyTooLong(byteCount: announced)
                }
                var body = Data()
                // Growing step by step takes twice the memory.
                if request.method != "HEAD", let announced { body.reserveCapacity(Int(announced)) }
                for try await buffer in answer.body {
                    guard buffer.readableBytes <= bodyLimit - body.count else {
                        throw S3TransportFailure.bodyTooLong(byteCount: announced)
                    }
                    body.append(contentsOf: buffer.readableBytesView)
                }
                // A cancelled body may end early without an error of its own.
                try Task.checkCancellation()
                return S3HTTPResponse(
                    status: Int(answer.status.code),
                    headers: answer.headers.map { S3Request.Field($0.name, $0.value) }, body: body)
            } catch let failure as S3TransportFailure {
                throw failure
            } catch {
                try Task.checkCancellation()
                throw Self.failure(error)
            }
        }

        private func clientRequest(_ request: S3HTTPRequest) -> HTTPClientRequest {
            var result = HTTPClientRequest(url: request.url)
            result.method = HTTPMethod(rawValue: request.method)
            for field in request.headers { result.headers.add(name: field.name, value: field.value) }
            if !request.body.isEmpty { result.body = .bytes(ByteBuffer(bytes: request.body)) }
            return result
        }

        /// The kind of an error only: its description may hold the address.
        private static func failure(_ error: any Error) -> S3TransportFailure {
            guard let error = error as? HTTPClientError else {
                return .connection(kind: String(describing: type(of: error)))
            }
            switch error {
            case .deadlineExceeded, .readTimeout, .writeTimeout: return .timedOut
            default: return .connection(kind: error.shortDescription)
            }
        }
    }
#endif
