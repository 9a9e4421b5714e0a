import ArtifactStore
import Foundation
import Testing

@Suite("Recording a provider's answer")
struct RecordTests {
    @Test("One image of a direct image model is completed, with the bytes of the example's image")
    func completed() async throws {
        let store = try await StoreFolder()
        let artifacts = try await store.record("openai-images-completed")
        #expect(artifacts.count == 1)
        let artifact = artifacts[0]
        #expect(artifact["status"] == "completed")
        #expect(artifact["parentRunId"] == "run_1")
        #expect(artifact[path: "request", "model"] == "gpt-image-1.5")
        #expect(artifact[path: "modelExecution", "imageGenerationMode"] == "direct_image_model")
        #expect(artifact[path: "modelExecution", "providerRequestId"] == "req_demo_0001")
        #expect(artifact[path: "context", "versionContext", "skillVersion"] == "2.3.0")
        #expect(artifact[path: "usage", "imageCount"] == 1)
        let image = try Data(
            contentsOf: StoreFolder.examples.appendingPathComponent("images/lighthouse-dusk.png"))
        #expect(artifact[path: "storage", "byteCount"] == .integer(image.count))
        #expect(try Data(contentsOf: URL(fileURLWithPath: store.object(of: artifact))) == image)
    }

    @Test("Two images in one answer are two artifacts, and their usage is counted once")
    func twoImages() async throws {
        let store = try await StoreFolder()
        let artifacts = try await store.record("openai-images-two-images", key: "pair")
        #expect(artifacts.map { $0["status"] } == ["completed", "completed"])
        #expect(artifacts.map { $0["idempotencyKey"] } == ["pair", "pair#2"])
        let total = try #require(artifacts[0][path: "usage", "totalTokens"])
        #expect(artifacts[1][path: "usage", "totalTokens"] == nil)
        #expect(artifacts[1][path: "usage", "includedInArtifactId"] == artifacts[0]["artifactId"])
        let run = try await store.run(["run", "run_1", "--format", "json"]).json()
        #expect(run[path: "usage", "totalTokens"] == total)
        #expect(run[path: "counts", "completed"] == 2)
    }

    @Test("A blocked prompt is a failed artifact that says what to change, and no error of the command")
    func blocked() async throws {
        let store = try await StoreFolder()
        let artifact = try await store.record("openai-images-moderation-blocked")[0]
        #expect(artifact["status"] == "failed")
        #expect(artifact[path: "failure", "type"] == "unsafe_image_request")
        #expect(artifact[path: "failure", "providerCode"] == "moderation_blocked")
        #expect(artifact[path: "failure", "action"] == "change_prompt")
        #expect(artifact[path: "failure", "retryable"] == false)
        #expect(artifact[path: "failure", "recoveryGuidance"]?.string?.isEmpty == false)
        #expect(artifact["storage"] == .null)
    }

    @Test("A rate limit is a failed artifact that says how long to wait")
    func rateLimited() async throws {
        let store = try await StoreFolder()
        let artifact = try await store.record("openai-images-rate-limited")[0]
        #expect(artifact[path: "failure", "type"] == "provider_unavailable")
        #expect(artifact[path: "failure", "retryable"] == true)
        #expect(artifact[path: "failure", "retryAfter"] == 12)
        #expect(try await store.run(["show", artifact.id]).output.contains("after 12 s"))
    }

    @Test("A tool call through a text model names the tool's output and the prompt it revised")
    func toolCall() async throws {
        let store = try await StoreFolder()
        let execution = try #require(try await store.record("openai-responses-tool-call")[0]["modelExecution"])
        #expect(execution["requestedModel"] == "gpt-5.2")
        #expect(execution["imageGenerationMode"] == "hosted_image_generation_tool")
        #expect(execution["hostedToolOutputType"] == "image_generation_call")
        #expect(execution["revisedPrompt"]?.string?.hasPrefix("A lighthouse on a rocky headland") == true)
    }

    @Test("A Gemini answer is completed by google")
    func gemini() async throws {
        let store = try await StoreFolder()
        let artifact = try await store.record("gemini-completed")[0]
        #expect(artifact["status"] == "completed")
        #expect(artifact[path: "modelExecution", "provider"] == "google")
        #expect(artifact[path: "request", "seed"] == 20_260_301)
    }

    @Test("Recording again with the same key returns the same artifacts and writes nothing")
    func again() async throws {
        let store = try await StoreFolder()
        let recording = StoreFolder.recording("openai-images-two-images", key: "pair")
        let first = try await store.run(recording)
        let events = try await store.run(["events", "--format", "ndjson"]).output
        let second = try await store.run(recording)
        #expect(second.status == 0)
        #expect(second.output == first.output)
        #expect(second.errors.contains("recorded before"))
        #expect(try await store.run(["events", "--format", "ndjson"]).output == events)
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: store.objects).filter { $0.hasSuffix("/1") }.count == 2)
    }

    @Test("The same key with another request is a conflict, and the artifact stays what it was")
    func otherRequest() async throws {
        let store = try await StoreFolder()
        let artifact = try await store.record("gemini-completed", key: "hero")[0]
        let refused = try await store.run(StoreFolder.recording("openai-images-completed", key: "hero"))
        #expect(refused.status == 4)
        #expect(refused.bytes.isEmpty)
        #expect(refused.errors.contains("\nhint: "))
        #expect(try await store.run(["run", "run_1", "--format", "json"]).json()["artifacts"] == [artifact])
        // The key belongs to the run: another one is free to use it.
        #expect(try await store.record("openai-images-completed", run: "run_2", key: "hero").count == 1)
    }

    @Test("A timeout leaves the artifact pending and exits 9; its claim then keeps others away")
    func timeout() async throws {
        let store = try await StoreFolder()
        let answer = try store.write(["httpStatus": 504, "headers": [:], "body": "gateway timeout"])
        let request = StoreFolder.example("gemini-completed").request
        let unknown = try await store.run([
            "record", "--run", "run_1", "--request", request, "--response", answer, "--idempotency-key", "hero",
        ])
        #expect(unknown.status == 9)
        #expect(unknown.bytes.isEmpty)
        #expect(unknown.errors.contains("\nhint: Do not ask again yet"))
        let artifacts = try await store.run(["list", "--status", "pending", "--format", "ndjson"]).jsonLines()
        #expect(artifacts.count == 1)
        #expect(artifacts.first?["failure"] == .null)
        let swept = try await store.run(["sweep"])
        #expect(swept.status == 0 && swept.bytes.isEmpty, "its claim is alive")
        #expect(try await store.run(StoreFolder.recording("gemini-completed", key: "hero")).status == 4)
    }

    @Test("Request and answer may come through pipes")
    func pipes() async throws {
        let store = try await StoreFolder()
        let (request, response) = StoreFolder.example("gemini-completed")
        let record = "artifacts record --run run_1 --format ndjson"
        for script in [
            "cat '\(response)' | \(record) --request '\(request)' --response -",
            "\(record) --response '\(response)' --request - < '\(request)'",
            "\(record) --request <(cat '\(request)') --response <(cat '\(response)')",
        ] {
            let result = try await store.shell(script)
            #expect(result.status == 0, "\(script): \(result.errors)")
            #expect(try result.jsonLines().map { $0["status"] } == ["completed"])
        }
        let both = try await store.shell("\(record) --request - --response - < '\(request)'")
        #expect(both.status == 64)
    }
}
