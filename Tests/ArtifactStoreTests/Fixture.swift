import ArtifactStore
import ArtifactStoreTesting
import Foundation
import GRDB

/// Values that many tests need.
enum Fixture {
    static let request = GeneratedImageRequest(
        prompt: "a lighthouse at dusk", model: "image-model", size: "1024x1024", quality: "high",
        background: "opaque", outputFormat: "png", seed: 7, extraParameters: ["style": "oil", "steps": 30])
    static let context = ArtifactContext(
        promptComposition: [
            PromptPart(role: "system", source: "coastal", version: "3", text: "You draw coasts."),
            PromptPart(role: "user", textSha256: String(repeating: "a", count: 64)),
        ],
        versionContext: VersionContext(skillVersion: "2.1", promptVersion: "p7", templateVersion: "t4"))
    static let execution = ModelExecution(
        provider: "openai", imageGenerationMode: .directImageModel, underlyingImageModel: "image-model-2026",
        providerRequestId: "req_1", revisedPrompt: "A lighthouse at dusk, oil")
    static let facts = ImageFacts(
        contentType: "image/png", byteCount: 70, sha256: String(repeating: "b", count: 64), width: 1, height: 1)
    static let usage: Usage = {
        var usage = Usage()
        usage.inputTokens = 50
        usage.inputTextTokens = 50
        usage.inputImageTokens = 0
        usage.cachedInputTokens = 10
        usage.cachedInputTextTokens = 9
        usage.cachedInputImageTokens = 1
        usage.cacheWriteInputTokens = 5
        usage.outputTokens = 4160
        usage.outputTextTokens = 60
        usage.outputImageTokens = 4100
        usage.totalTokens = 4210
        usage.imageCount = 1
        usage.durationMs = 8123
        usage.cost = Cost(micros: 167_250, currency: "USD")
        usage.providerUsage = ["total_tokens": 4210]
        return usage
    }()
    static let failure = ArtifactFailure(
        .providerUnavailable, "rate limited", retryAfter: 12, providerCode: "rate_limit_exceeded")

    static func reference(_ key: String) throws -> StorageReference {
        StorageReference(kind: "s3", bucket: "renders", objectKey: try ObjectKey(key))
    }

    static func answer(_ images: Int = 1) -> ProviderAnswer {
        ProviderAnswer(
            outcome: .finished(
                (0..<images).map { .image(GeneratedImage(bytes: SampleImage.png(shade: UInt8($0)))) }),
            execution: execution, usage: usage)
    }
}

extension TemporaryStore {
    /// A store whose object storage fails at its first call and works afterwards.
    static func withFailingStorage() async throws -> TemporaryStore {
        let folder = try TemporaryFolder()
        let directory = try DirectoryObjectStorage(root: folder.path(of: "objects"), bucket: "renders")
        let storage = FaultyObjectStorage(wrapping: directory)
        storage.fail(call: 1)
        return try await open(in: folder, objects: storage)
    }

    /// Begins an artifact that nobody began before.
    func claim(run: String = "run_1", key: String? = nil, _ request: GeneratedImageRequest = Fixture.request)
        async throws -> Claim
    {
        try await store.begin(request, for: run, idempotencyKey: key, context: Fixture.context).claim
    }

    /// Completes a claim at a reference made from its id.
    func complete(_ claim: Claim) async throws {
        try await store.complete(
            claim, at: Fixture.reference("host/\(claim.artifactId)"), facts: Fixture.facts,
            execution: Fixture.execution,
            usage: Fixture.usage)
    }

    /// A connection that is not the store's: what a raw shell can do to the file.
    func shell() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}

/// The error an operation throws, as a ``StoreError``; nil when it succeeds or throws something else.
func storeError(_ operation: () async throws -> Void) async -> StoreError? {
    do {
        try await operation()
        return nil
    } catch {
        return error as? StoreError
    }
}
