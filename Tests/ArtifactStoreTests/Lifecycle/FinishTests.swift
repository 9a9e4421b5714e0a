import ArtifactStore
import ArtifactStoreTesting
import Foundation
import Testing

@Suite("Finishing an artifact")
struct FinishTests {
    @Test("Bytes are stored, described by their own header, and come back unchanged")
    func completeWithBytes() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        let bytes = SampleImage.png()
        temporary.clock.advance(by: .seconds(9))
        try await temporary.store.complete(
            claim, storing: bytes, execution: Fixture.execution, usage: Fixture.usage)
        let artifact = try await temporary.store.artifact(claim.artifactId)
        #expect(artifact.status == .completed)
        #expect(artifact.completedAt == temporary.clock.now)
        #expect(artifact.modelExecution == Fixture.execution)
        #expect(artifact.usage == Fixture.usage)
        #expect(artifact.storage?.reference.objectKey == claim.objectKey)
        #expect(artifact.storage?.facts.contentType == "image/png")
        #expect(artifact.storage?.facts.width == 1)
        #expect(try await temporary.store.bytes(of: claim.artifactId) == bytes)
    }

    @Test("A host that stores bytes itself completes with a reference, and finds the artifact by it")
    func completeAtReference() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        try await temporary.complete(claim)
        let reference = try Fixture.reference("host/\(claim.artifactId)")
        let artifact = try await temporary.store.artifact(at: reference)
        #expect(artifact.artifactId == claim.artifactId)
        #expect(artifact.storage == ArtifactStorage(reference: reference, facts: Fixture.facts))
    }

    @Test("A reference that belongs to another artifact is refused")
    func takenReference() async throws {
        let temporary = try await TemporaryStore.open()
        let first = try await temporary.claim()
        let second = try await temporary.claim()
        let reference = try Fixture.reference("shared")
        try await temporary.store.complete(first, at: reference, execution: Fixture.execution)
        let error = await storeError {
            try await temporary.store.complete(second, at: reference, execution: Fixture.execution)
        }
        #expect(error?.code == .conflict)
        #expect(try await temporary.store.artifact(second.artifactId).status == .pending)
    }

    @Test("A failure is recorded whole")
    func fail() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        try await temporary.store.fail(claim, Fixture.failure, execution: Fixture.execution, usage: Fixture.usage)
        let artifact = try await temporary.store.artifact(claim.artifactId)
        #expect(artifact.status == .failed)
        #expect(artifact.failure == Fixture.failure)
        #expect(artifact.modelExecution == Fixture.execution)
        #expect(artifact.usage == Fixture.usage)
        #expect(artifact.storage == nil)
    }

    @Test("Every type of failure has guidance and an action", arguments: ArtifactFailure.FailureType.allCases)
    func guidance(type: ArtifactFailure.FailureType) async throws {
        let failure = ArtifactFailure(type, "it failed")
        #expect(failure.recoveryGuidance.count > 20)
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        try await temporary.store.fail(claim, failure)
        #expect(try await temporary.store.artifact(claim.artifactId).failure == failure)
    }

    @Test("The same outcome again by the same claim succeeds and changes nothing")
    func repeated() async throws {
        let temporary = try await TemporaryStore.open()
        let first = try await temporary.claim()
        let bytes = SampleImage.png()
        let second = try await temporary.claim()
        for _ in 0..<3 {
            try await temporary.store.complete(first, storing: bytes, execution: Fixture.execution)
            try await temporary.store.fail(second, Fixture.failure)
            temporary.clock.advance(by: .seconds(1))
        }
        #expect(try await temporary.store.events().count == 4)
    }

    @Test("Another outcome after the end is refused, and names the bytes that were stored for it")
    func alreadyFinished() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        try await temporary.store.fail(claim, Fixture.failure)
        let error = await storeError {
            try await temporary.store.complete(claim, storing: SampleImage.png(), execution: Fixture.execution)
        }
        #expect(error?.code == .alreadyFinished)
        #expect(error?.storage?.objectKey == claim.objectKey)
    }

    @Test("Of completes and fails at the same time exactly one wins")
    func race() async throws {
        let temporary = try await TemporaryStore.open()
        for _ in 0..<20 {
            let claim = try await temporary.claim()
            let wins = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        await storeError {
                            if index.isMultiple(of: 2) {
                                try await temporary.store.complete(
                                    claim, at: Fixture.reference("\(claim.artifactId)/\(index)"),
                                    execution: Fixture.execution)
                            } else {
                                try await temporary.store.fail(claim, .generationFailed("attempt \(index)"))
                            }
                        } == nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
        }
    }

    @Test("Bytes of no known format are refused and the artifact stays pending")
    func unknownBytes() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        let error = await storeError {
            try await temporary.store.complete(claim, storing: Data("<html>".utf8), execution: Fixture.execution)
        }
        #expect(error?.code == .invalidInput)
        #expect(try await temporary.store.artifact(claim.artifactId).status == .pending)
    }

    @Test("An image from a model declared to make none is refused")
    func noneMode() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        let error = await storeError {
            try await temporary.store.complete(
                claim, at: Fixture.reference("x"),
                execution: ModelExecution(provider: "p", imageGenerationMode: ImageGenerationMode.none))
        }
        #expect(error?.code == .invalidInput)
    }

    @Test("Storage that fails leaves the artifact pending, and the same claim completes later")
    func storageFails() async throws {
        let temporary = try await TemporaryStore.withFailingStorage()
        let claim = try await temporary.claim()
        let bytes = SampleImage.png()
        let error = await storeError {
            try await temporary.store.complete(claim, storing: bytes, execution: Fixture.execution)
        }
        #expect(error?.code == .objectStorage)
        #expect(try await temporary.store.artifact(claim.artifactId).status == .pending)
        try await temporary.store.complete(claim, storing: bytes, execution: Fixture.execution)
        #expect(try await temporary.store.bytes(of: claim.artifactId) == bytes)
    }

    @Test("The error of storage that fails has the failure to record, for a worker that gives up")
    func givesUp() async throws {
        let temporary = try await TemporaryStore.withFailingStorage()
        let claim = try await temporary.claim()
        let error = await storeError {
            try await temporary.store.complete(claim, storing: SampleImage.png(), execution: Fixture.execution)
        }
        let failure = try #require(error?.failure)
        #expect(failure.type == .artifactStorageFailed && failure.action == .fixStorage)
        #expect(failure.message.contains("cannot be reached") && !failure.recoveryGuidance.isEmpty)
        try await temporary.store.fail(claim, failure, execution: Fixture.execution, usage: Fixture.usage)
        #expect(try await temporary.store.artifact(claim.artifactId).failure == failure)
    }
}
