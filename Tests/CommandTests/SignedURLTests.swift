import ArtifactStore
import Testing

@Suite("Signed URLs")
struct SignedURLTests {
    private static let url =
        "https://renders.example/a.png?X-Amz-Expires=900&X-Amz-Signature=0123456789abcdef0123456789abcdef"

    @Test("A request that holds one is refused, and the error does not repeat it")
    func request() async throws {
        let store = try await StoreFolder()
        let answer = StoreFolder.example("gemini-completed").response
        for request: JSONValue in [
            ["prompt": .string("like \(Self.url)"), "model": "model-a"],
            ["prompt": "a", "model": "model-a", "extraParameters": ["style": .string(Self.url)]],
            [
                "prompt": "a", "model": "model-a",
                "context": ["promptComposition": [["role": "user", "text": .string(Self.url)]]],
            ],
        ] {
            let path = try store.write(request)
            let result = try await store.run(["record", "--run", "run_1", "--request", path, "--response", answer])
            #expect(result.status == 64)
            #expect(!result.errors.contains("0123456789abcdef"))
            #expect(result.errors.contains("signed URL"))
        }
    }

    @Test("An answer that holds some is recorded without them, and no command prints one")
    func answer() async throws {
        let store = try await StoreFolder()
        let request = StoreFolder.example("openai-images-completed").request
        for answer: JSONValue in [
            ["httpStatus": 200, "body": ["created": 1, "data": [["url": .string(Self.url)]]]],
            [
                "httpStatus": 400,
                "body": ["error": ["message": .string("see \(Self.url)"), "type": "t", "code": .string(Self.url)]],
            ],
            ["httpStatus": 500, "headers": ["x-request-id": .string(Self.url)], "body": .string(Self.url)],
        ] {
            let path = try store.write(answer)
            let recorded = try await store.run([
                "record", "--run", "run_1", "--request", request, "--response", path, "--format", "json",
            ])
            #expect(recorded.status == 0, "\(recorded.errors)")
            #expect(!(recorded.output + recorded.errors).contains("0123456789abcdef"))
        }
        for command in [["list"], ["run", "run_1"], ["events"], ["stats"]] {
            for format in ["table", "json", "ndjson", "csv"] {
                let result = try await store.run(command + ["--format", format])
                #expect(result.status == 0)
                #expect(!(result.output + result.errors).contains("X-Amz-Signature"), "\(command) \(format)")
            }
        }
    }
}
