import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("Producing an artifact")
struct ProduceTests {
    private struct Offline: Error {}

    @Test("The artifact is pending while the provider is called, and completed afterwards")
    func completed() async throws {
        let temporary = try await TemporaryStore.open()
        let artifact = try await temporary.store.produce(
            Fixture.request, for: "run_1", idempotencyKey: "hero", context: Fixture.context
        ) { claim in
            let status = try await temporary.store.artifact(claim.artifactId).status
            #expect(status == .pending)
            return Fixture.answer()
        }
        #expect(artifact.status == .completed)
        #expect(artifact.usage == Fixture.usage)
        #expect(try await temporary.store.bytes(of: artifact.artifactId) == SampleImage.png())
    }

    @Test("A finished artifact under the same key is returned without calling the provider again")
    func replayed() async throws {
        let temporary = try await TemporaryStore.open()
        let first = try await temporary.store.produceAll(Fixture.request, for: "run_1", idempotencyKey: "hero") { _ in
            Fixture.answer(3)
        }
        let again = try await temporary.store.produceAll(Fixture.request, for: "run_1", idempotencyKey: "hero") { _ in
            Issue.record("the provider was called again")
            return Fixture.answer(3)
        }
        #expect(first.count == 3)
        #expect(again == first)
    }

    @Test("Each image of an answer is an artifact, and the answer's usage counts once")
    func severalImages() async throws {
        let temporary = try await TemporaryStore.open()
        let artifacts = try await temporary.store.produceAll(Fixture.request, for: "run_1", idempotencyKey: "hero") {
            _ in
            Fixture.answer(3)
        }
        #expect(artifacts.map(\.idempotencyKey) == ["hero", "hero#2", "hero#3"])
        #expect(artifacts[1].usage?.includedInArtifactId == artifacts[0].artifactId)
        for (index, artifact) in artifacts.enumerated() {
            #expect(
                try await temporary.store.bytes(of: artifact.artifactId) == SampleImage.png(shade: UInt8(index)))
        }
        let detail = try await temporary.store.runDetail("run_1")
        #expect(detail.usage.totalTokens.value == 4210)
        #expect(detail.usage.costs == [Cost(micros: 167_250, currency: "USD")])
        #expect(detail.usage.artifactsWithoutCost == 0)
    }

    @Test("A thrown failure is recorded as it is")
    func thrownFailure() async throws {
        let temporary = try await TemporaryStore.open()
        let artifact = try await temporary.store.produce(Fixture.request, for: "run_1") { _ in throw Fixture.failure }
        #expect(artifact.status == .failed)
        #expect(artifact.failure == Fixture.failure)
    }

    @Test("Any other thrown error fails the artifact and is thrown on, without its description")
    func thrownError() async throws {
        let temporary = try await TemporaryStore.open()
        await #expect(throws: Offline.self) {
            try await temporary.store.produce(Fixture.request, for: "run_1") { _ in throw Offline() }
        }
        let artifact = try await temporary.store.runDetail("run_1").artifacts[0]
        #expect(artifact.failure?.type == .generationFailed)
        #expect(artifact.failure?.message == "the provider call threw Offline")
    }

    @Test("A cancelled provider call does not leave the artifact pending")
    func cancelled() async throws {
        let temporary = try await TemporaryStore.open()
        let task = Task {
            try await temporary.store.produce(Fixture.request, for: "run_1") { _ in
                withUnsafeCurrentTask { $0?.cancel() }
                try Task.checkCancellation()
                return Fixture.answer()
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await temporary.store.runDetail("run_1").counts.failed == 1)
    }

    @Test("Cancelled after the provider answered, the paid image is recorded all the same")
    func cancelledAfterwards() async throws {
        let temporary = try await TemporaryStore.open()
        let task = Task {
            try await temporary.store.produceAll(Fixture.request, for: "run_1") { _ in
                withUnsafeCurrentTask { $0?.cancel() }
                return Fixture.answer(3)
            }
        }
        _ = await task.result
        #expect(try await temporary.store.runDetail("run_1").counts.completed == 3)
    }

    @Test("Whoever takes a half-recorded answer over records all its images", arguments: 1...3)
    func takenOver(interruptedAt step: Int) async throws {
        let temporary = try await TemporaryStore.open()
        // What a crash leaves: the first pending, some of the others pending or finished.
        let first = try await temporary.claim(key: "hero")
        temporary.clock.advance(by: .seconds(30))
        if step > 1 {
            let store = temporary.store
            let left = Duration.milliseconds(first.expiresAt.milliseconds - temporary.clock.now.milliseconds)
            let second = try await store.begin(
                Fixture.request, run: "run_1", key: "hero#2", context: Fixture.context, artifactId: nil,
                claimDuration: left, admission: .asDeclared
            ).claim
            if step > 2 {
                try await store.complete(second, storing: SampleImage.png(shade: 1), execution: Fixture.execution)
            }
        }
        temporary.clock.now = first.expiresAt
        let artifacts = try await temporary.store.produceAll(
            Fixture.request, for: "run_1", idempotencyKey: "hero"
        ) { _ in Fixture.answer(3) }
        #expect(artifacts.map(\.status) == [.completed, .completed, .completed])
        #expect(artifacts.map(\.idempotencyKey) == ["hero", "hero#2", "hero#3"])
        for (index, artifact) in artifacts.enumerated() {
            #expect(try await temporary.store.bytes(of: artifact.artifactId) == SampleImage.png(shade: UInt8(index)))
        }
        #expect(try await temporary.store.runDetail("run_1").counts.total == 3)
    }

    @Test("An image whose key somebody else holds gets an artifact of its own")
    func heldSibling() async throws {
        let temporary = try await TemporaryStore.open()
        _ = try await temporary.store.begin(
            Fixture.request, run: "run_1", key: "hero#2", context: Fixture.context, artifactId: nil,
            claimDuration: nil, admission: .asDeclared)
        let artifacts = try await temporary.store.produceAll(
            Fixture.request, for: "run_1", idempotencyKey: "hero"
        ) { _ in Fixture.answer(2) }
        #expect(artifacts.map(\.status) == [.completed, .completed])
        #expect(artifacts.map(\.idempotencyKey) == ["hero", nil])
    }

    @Test("A failure that breaks a rule is recorded without what breaks it")
    func badFailure() async throws {
        let temporary = try await TemporaryStore.open()
        for message in ["", "a\0b", String(repeating: "x", count: 9000), "?X-Amz-Signature=1"] {
            let artifact = try await temporary.store.produce(Fixture.request, for: "run_1") { _ in
                throw ArtifactFailure.unsafeImageRequest(message)
            }
            #expect(artifact.failure?.type == .unsafeImageRequest)
            #expect(artifact.modelExecution == nil, "no provider is made up")
        }
    }

    @Test("It can be called from an actor, and the closure may use the actor's state")
    func fromAnActor() async throws {
        actor Painter {
            var calls = 0
            func paint(_ store: ArtifactStore) async throws -> GeneratedImageArtifact {
                try await store.produce(Fixture.request, for: "run_1") { _ in
                    calls += 1
                    return Fixture.answer()
                }
            }
        }
        let temporary = try await TemporaryStore.open()
        let painter = Painter()
        #expect(try await painter.paint(temporary.store).status == .completed)
        #expect(await painter.calls == 1)
    }

    @Test("An unknown outcome leaves the artifact pending until its claim expires")
    func unknownOutcome() async throws {
        let temporary = try await TemporaryStore.open()
        let error = try #require(
            await storeError {
                _ = try await temporary.store.produce(Fixture.request, for: "run_1", idempotencyKey: "hero") { _ in
                    ProviderAnswer(outcome: .unknown(reason: "timed out"), execution: Fixture.execution)
                }
            })
        #expect(error.code == .providerOutcomeUnknown)
        let artifactId = try #require(error.artifactId)
        #expect(try await temporary.store.artifact(artifactId).status == .pending)
        #expect(await storeError { _ = try await temporary.claim(key: "hero") }?.code == .claimHeld)
    }

    @Test("Bytes that are no image fail the artifact with generation_failed")
    func noImage() async throws {
        let temporary = try await TemporaryStore.open()
        let artifact = try await temporary.store.produce(Fixture.request, for: "run_1") { _ in
            ProviderAnswer(
                outcome: .finished([.image(GeneratedImage(bytes: Data("<html>".utf8)))]),
                execution: Fixture.execution, usage: Fixture.usage)
        }
        #expect(artifact.failure?.type == .generationFailed)
        #expect(artifact.modelExecution == Fixture.execution)
        #expect(artifact.usage == Fixture.usage, "what was paid is kept")
    }

    @Test("An empty answer is a failure, never a success")
    func emptyAnswer() async throws {
        let temporary = try await TemporaryStore.open()
        let artifact = try await temporary.store.produce(Fixture.request, for: "run_1") { _ in
            ProviderAnswer(outcome: .finished([]), execution: Fixture.execution)
        }
        #expect(artifact.failure?.type == .generationFailed)
    }

    @Test("Storage that fails is recorded as artifact_storage_failed, with the usage that was paid for")
    func storageFails() async throws {
        let temporary = try await TemporaryStore.withFailingStorage()
        let artifact = try await temporary.store.produce(Fixture.request, for: "run_1") { _ in Fixture.answer() }
        #expect(artifact.failure?.type == .artifactStorageFailed)
        #expect(artifact.failure?.action == .fixStorage)
        #expect(artifact.usage == Fixture.usage)
    }
}
