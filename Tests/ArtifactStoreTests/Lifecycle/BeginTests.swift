import ArtifactStore
import ArtifactStoreTesting
import Testing

@Suite("Beginning an artifact")
struct BeginTests {
    @Test("A begun artifact is pending, with everything that was asked and nothing else")
    func pending() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim(key: "hero")
        let artifact = try await temporary.store.artifact(claim.artifactId)
        #expect(artifact.status == .pending)
        #expect(artifact.request == Fixture.request)
        #expect(artifact.context == Fixture.context)
        #expect(artifact.idempotencyKey == "hero")
        #expect(artifact.parentRunId == "run_1")
        #expect(artifact.createdAt == temporary.clock.now)
        #expect(artifact.claim.owner == claim.owner && artifact.claim.fencingToken == 1)
        #expect(artifact.claim.expiresAt == temporary.clock.now.advanced(by: .seconds(600)))
        #expect(artifact.storage == nil && artifact.failure == nil && artifact.completedAt == nil)
        #expect(artifact.modelExecution == nil && artifact.usage == nil)
    }

    @Test("Without a key every call begins another artifact")
    func withoutKey() async throws {
        let temporary = try await TemporaryStore.open()
        let first = try await temporary.claim()
        let second = try await temporary.claim()
        #expect(first.artifactId != second.artifactId)
    }

    @Test("The same key while the claim is alive says who holds it, and until when")
    func held() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim(key: "hero")
        let error = try #require(await storeError { _ = try await temporary.claim(key: "hero") })
        #expect(error.code == .claimHeld)
        #expect(error.artifactId == claim.artifactId)
        #expect(error.holder?.owner == claim.owner)
        #expect(error.holder?.expiresAt == claim.expiresAt)
    }

    @Test("The same key after a result replays the artifact", arguments: [true, false])
    func replayed(completes: Bool) async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim(key: "hero")
        if completes {
            try await temporary.complete(claim)
        } else {
            try await temporary.store.fail(claim, Fixture.failure)
        }
        let again = try await temporary.store.begin(Fixture.request, for: "run_1", idempotencyKey: "hero")
        guard case .replayed(let artifact) = again else {
            Issue.record("expected a replay, got \(again)")
            return
        }
        #expect(artifact.artifactId == claim.artifactId)
        #expect(artifact.status == (completes ? .completed : .failed))
        #expect(await storeError { _ = try again.claim }?.code == .alreadyFinished)
    }

    @Test("The same key for another request is a conflict, in every field of the request")
    func conflict() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim(key: "hero")
        let changes: [(inout GeneratedImageRequest) -> Void] = [
            { $0.prompt += "!" }, { $0.model = "other" }, { $0.size = nil }, { $0.quality = "low" },
            { $0.background = nil }, { $0.outputFormat = "webp" }, { $0.seed = 8 },
            { $0.extraParameters = ["style": "oil", "steps": 31] },
        ]
        for change in changes {
            var request = Fixture.request
            change(&request)
            let error = await storeError { _ = try await temporary.claim(key: "hero", request) }
            #expect(error?.code == .conflict)
            #expect(error?.artifactId == claim.artifactId)
        }
    }

    @Test("The order of extra parameters does not make another request")
    func parameterOrder() async throws {
        let temporary = try await TemporaryStore.open()
        _ = try await temporary.claim(key: "hero")
        var request = Fixture.request
        request.extraParameters = ["steps": 30, "style": "oil"]
        let error = await storeError { _ = try await temporary.claim(key: "hero", request) }
        #expect(error?.code == .claimHeld)
    }

    @Test("Keys are compared by bytes: two spellings that Unicode calls equal are two artifacts")
    func unicodeKeys() async throws {
        let temporary = try await TemporaryStore.open()
        let composed = try await temporary.claim(key: "caf\u{E9}")
        let decomposed = try await temporary.claim(key: "cafe\u{301}")
        #expect(composed.artifactId != decomposed.artifactId)
    }

    @Test("Repeating a begin by its own id gives the same claim back, and another owner is told who holds it")
    func repeatById() async throws {
        let temporary = try await TemporaryStore.open()
        let store = temporary.store
        let first = try await store.begin(Fixture.request, for: "run_1", artifactId: "mine").claim
        let second = try await store.begin(Fixture.request, for: "run_1", artifactId: "mine").claim
        #expect(first == second)
        let other = try await TemporaryStore.open(in: temporary.folder, clock: temporary.clock) { $0.owner = "other" }
        let error = await storeError {
            _ = try await other.store.begin(Fixture.request, for: "run_1", artifactId: "mine")
        }
        #expect(error?.code == .claimHeld)
        let conflict = await storeError {
            _ = try await store.begin(Fixture.request, for: "run_2", artifactId: "mine")
        }
        #expect(conflict?.code == .conflict)
    }

    @Test("One key never gives its claim to two ids")
    func keyAndId() async throws {
        let temporary = try await TemporaryStore.open()
        func begin(_ id: ArtifactID) async throws {
            _ = try await temporary.store.begin(
                Fixture.request, for: "run_1", idempotencyKey: "hero", artifactId: id)
        }
        try await begin("a")
        try await begin("a")
        #expect(await storeError { try await begin("b") }?.code == .conflict)
    }

    @Test("Keys that name the further images of an answer are refused", arguments: ["a#2", "#1", "x#0042"])
    func siblingKeys(key: String) async throws {
        let temporary = try await TemporaryStore.open()
        #expect(await storeError { _ = try await temporary.claim(key: key) }?.code == .invalidInput)
        _ = try await temporary.claim(key: key + "a")
    }

    @Test("After its expiry a claim is taken over with a higher fencing token")
    func takeOver() async throws {
        let temporary = try await TemporaryStore.open()
        let first = try await temporary.claim(key: "hero")
        temporary.clock.advance(by: .milliseconds(599_999))
        #expect(await storeError { _ = try await temporary.claim(key: "hero") }?.code == .claimHeld)
        temporary.clock.advance(by: .milliseconds(1))
        let beginning = try await temporary.store.begin(Fixture.request, for: "run_1", idempotencyKey: "hero")
        guard case .takenOver(let second) = beginning else {
            Issue.record("expected a take-over, got \(beginning)")
            return
        }
        #expect(second.artifactId == first.artifactId)
        #expect(second.fencingToken == first.fencingToken + 1)
        #expect(second.objectKey != first.objectKey)
        let kinds = try await temporary.store.events().map(\.kind)
        #expect(kinds == [.created, .takenOver])
    }

    @Test("A clock that goes back breaks nothing: the order stays that of creation")
    func clockGoesBack() async throws {
        let temporary = try await TemporaryStore.open()
        let first = try await temporary.claim()
        temporary.clock.advance(by: .seconds(-86_400))
        let second = try await temporary.claim()
        try await temporary.complete(first)
        let artifact = try await temporary.store.artifact(first.artifactId)
        #expect(artifact.completedAt == artifact.createdAt, "never completed before it was created")
        let page = try await temporary.store.page(order: .oldestFirst)
        #expect(page.artifacts.map(\.artifactId) == [first.artifactId, second.artifactId])
    }
}
