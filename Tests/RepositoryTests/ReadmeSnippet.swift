import ArtifactStore
import Foundation
import ProviderResponses

/// `post` is your HTTP client: the store itself opens no connection.
func paint(_ prompt: String, in folder: String, post: (Data) async throws -> (Int, Data)) async throws -> RunDetail {
    let store = try await ArtifactStore.open(
        at: "\(folder)/artifacts.sqlite", objects: .directory("\(folder)/objects", bucket: "renders"))

    // Pending first; then your provider call; then the bytes are stored; then completed, or a typed failure.
    let artifact = try await store.produce(
        GeneratedImageRequest(prompt: prompt, model: "gpt-image-1.5", size: "1024x1024"),
        for: "run_8f3", idempotencyKey: "hero-image"
    ) { claim in
        let body = try JSONEncoder().encode(["model": "gpt-image-1.5", "prompt": prompt, "size": "1024x1024"])
        let (status, answer) = try await post(body)
        return try ProviderResponse.openAIImages(ProviderHTTPResponse(httpStatus: status, body: answer))
    }
    if let storage = artifact.storage { print("stored under \(storage.reference.objectKey)") }
    if let failure = artifact.failure { print("\(failure.type.rawValue): \(failure.recoveryGuidance)") }

    let run = try await store.runDetail("run_8f3")
    try await store.close()
    return run
}
