#if S3
    import ArtifactStoreTesting
    import Foundation
    import Testing

    /// A server that refuses every request and repeats all it was sent in its answer, and on a list of its own.
    struct EchoServer: Sendable {
        private let folder: TemporaryFolder
        private let process: Command.Running
        /// Such as `http://127.0.0.1:31234`.
        let endpoint: String

        private static let script = """
            import http.server, sys

            class Echo(http.server.BaseHTTPRequestHandler):
                def answer(self):
                    self.rfile.read(int(self.headers.get("content-length") or 0))
                    seen = self.requestline + " " + " ".join(f"{name}: {value}" for name, value in self.headers.items())
                    with open(sys.argv[1], "a") as file:
                        file.write(seen + "\\n")
                    body = "".join(f"<{name}>{seen}</{name}>" for name in ["Code", "Message", "RequestId", "HostId"])
                    body = f"<Error>{body.replace('&', '&amp;')}</Error>".encode()
                    self.send_response(403, seen)
                    self.send_header("content-length", str(len(body)))
                    self.send_header("x-amz-request-id", seen)
                    self.send_header("x-amz-bucket-region", seen)
                    self.end_headers()
                    if self.command != "HEAD":
                        self.wfile.write(body)

                do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer

                def log_message(self, *arguments):
                    pass

            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
            print(server.server_address[1], flush=True)
            server.serve_forever()
            """

        /// Runs one while it is needed.
        static func during(_ work: (EchoServer) async throws -> Void) async throws {
            let folder = try TemporaryFolder()
            let process = try Command.start(
                try S3Server.python(), ["-c", script, folder.path(of: "seen")])
            let port = try #require(await process.lines(1).first, "the server printed no port")
            // Not by a milder signal: tests run on threads that block those, and children inherit that.
            do {
                try await work(EchoServer(folder: folder, process: process, endpoint: "http://127.0.0.1:\(port)"))
            } catch {
                await process.interrupt(by: SIGKILL)
                throw error
            }
            await process.interrupt(by: SIGKILL)
        }

        /// Every request with its headers, a line each.
        func seen() throws -> [String] {
            guard let text = FileManager.default.contents(atPath: folder.path(of: "seen")) else { return [] }
            return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }
#endif
