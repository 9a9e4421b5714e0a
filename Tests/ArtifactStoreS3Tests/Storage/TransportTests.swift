#if S3 && canImport(Glibc)
    import ArtifactStoreS3
    import Foundation
    import Testing

    @Suite("HTTP, against a server that sends what it is told")
    struct TransportTests {
        private func send(
            _ server: RawServer, _ method: String = "GET", timeout: Duration = .seconds(20), limit: Int = 10
        ) async throws -> S3HTTPResponse {
            try await AsyncHTTPClientTransport.shared.send(
                S3HTTPRequest(method: method, url: "http://127.0.0.1:\(server.port)/a", headers: []), timeout: timeout,
                bodyLimit: limit)
        }

        private func failure(_ work: () async throws -> S3HTTPResponse) async throws -> S3TransportFailure {
            try await #require(throws: S3TransportFailure.self) { _ = try await work() }
        }

        @Test("A body that is announced as too long is not waited for; one that is not announced ends at the limit")
        func tooLong() async throws {
            let announced = try RawServer("HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n")
            #expect(try await failure { try await send(announced) } == .bodyTooLong(byteCount: 11))
            let silent = try RawServer("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nelevenbytes", closes: true)
            #expect(try await failure { try await send(silent) } == .bodyTooLong(byteCount: nil))
            let fitting = try RawServer("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nten bytes!", closes: true)
            #expect(try await send(fitting).body == Data("ten bytes!".utf8))
            let head = try RawServer("HTTP/1.1 200 OK\r\ncontent-length: 11\r\nconnection: close\r\n\r\n", closes: true)
            #expect(try await send(head, "HEAD").body.isEmpty, "a HEAD announces what it does not send")
        }

        @Test("A body that falls silent, and one that breaks off, are failures")
        func incomplete() async throws {
            let text = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"
            let silent = try RawServer(text)
            let start = ContinuousClock.now
            #expect(try await failure { try await send(silent, timeout: .milliseconds(200)) } == .timedOut)
            #expect(ContinuousClock.now - start < .seconds(10))
            let broken = try RawServer(text, closes: true)
            guard case .connection = try await failure({ try await send(broken) }) else {
                Issue.record("a broken connection is not told as one")
                return
            }
        }

        @Test("No redirect is followed, and nothing is decompressed")
        func asItIs() async throws {
            let target = try RawServer(
                "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", closes: true)
            let moved = try RawServer(
                "HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:\(target.port)/b\r\ncontent-length: 0\r\n"
                    + "connection: close\r\n\r\n", closes: true)
            #expect(try await send(moved).status == 307)
            #expect(target.connectionCount == 0)
            let named = try RawServer(
                "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\nconnection: close\r\n\r\nplai",
                closes: true)
            #expect(try await send(named).body == Data("plai".utf8))
        }

        /// A port at which nobody listens: bound once, and free again.
        private static func freePort() throws -> UInt16 {
            let server = try RawServer("")
            return server.port
        }

        @Test("A refused connection is told by its kind, without the address")
        func refused() async throws {
            let port = try Self.freePort()
            let found = try await failure {
                try await AsyncHTTPClientTransport.shared.send(
                    S3HTTPRequest(method: "GET", url: "http://localhost:\(port)/a?secret", headers: []),
                    timeout: .seconds(20), bodyLimit: 10)
            }
            guard case .connection(let kind) = found else {
                Issue.record("\(found)")
                return
            }
            #expect(
                !kind.isEmpty && !kind.contains("\(port)") && !kind.contains("localhost") && !kind.contains("secret"))
        }

        @Test("A call that is cancelled while its body comes throws CancellationError")
        func cancelled() async throws {
            let silent = try RawServer("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")
            let task = Task { try await send(silent) }
            while silent.connectionCount == 0 { await Task.yield() }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
        }
    }
#endif
