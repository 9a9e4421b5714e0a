import ArtifactStore
import ArtifactStoreTesting
import Testing

@Suite("Claims")
struct ClaimTests {
    @Test("A heartbeat renews the claim and never shortens it")
    func heartbeat() async throws {
        let temporary = try await TemporaryStore.open()
        var claim = try await temporary.claim(key: "hero")
        temporary.clock.advance(by: .seconds(500))
        claim = try await temporary.store.heartbeat(claim)
        #expect(claim.expiresAt == temporary.clock.now.advanced(by: .seconds(600)))
        let shorter = try await temporary.store.heartbeat(claim, for: .seconds(1))
        #expect(shorter.expiresAt == claim.expiresAt)
        temporary.clock.advance(by: .seconds(599))
        #expect(await storeError { _ = try await temporary.claim(key: "hero") }?.code == .claimHeld)
    }

    @Test("A heartbeat goes by what is stored, not by what the caller believes")
    func forgedExpiry() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        let forged = Claim(
            artifactId: claim.artifactId, parentRunId: claim.parentRunId, owner: claim.owner,
            fencingToken: claim.fencingToken, expiresAt: .latest)
        let renewed = try await temporary.store.heartbeat(forged, for: .seconds(900))
        #expect(renewed.expiresAt == temporary.clock.now.advanced(by: .seconds(900)))
        let stored = try await temporary.store.artifact(claim.artifactId)
        #expect(stored.claim.expiresAt == renewed.expiresAt)
        let again = try await temporary.store.heartbeat(claim, for: .seconds(1))
        #expect(again.expiresAt == renewed.expiresAt)
    }

    @Test("A result after a take-over is refused with the reference of its bytes, and the bytes are still there")
    func lateAfterTakeOver() async throws {
        let temporary = try await TemporaryStore.open()
        let late = try await temporary.claim(key: "hero")
        temporary.clock.advance(by: .seconds(600))
        let current = try await temporary.claim(key: "hero")
        let error = try #require(
            await storeError {
                try await temporary.store.complete(
                    late, storing: SampleImage.png(shade: 1), execution: Fixture.execution)
            })
        #expect(error.code == .claimLost)
        let reference = try #require(error.storage)
        #expect(reference.objectKey == late.objectKey)
        #expect(try await temporary.store.objects?.head(reference.objectKey) == Int64(SampleImage.png().count))
        #expect(await storeError { _ = try await temporary.store.heartbeat(late) }?.code == .claimLost)
        #expect(await storeError { try await temporary.store.fail(late, Fixture.failure) }?.code == .claimLost)
        let bytes = SampleImage.png(shade: 2)
        try await temporary.store.complete(current, storing: bytes, execution: Fixture.execution)
        #expect(try await temporary.store.bytes(of: current.artifactId) == bytes)
        #expect(await storeError { try await temporary.store.fail(late, Fixture.failure) }?.code == .claimLost)
    }

    @Test("A result after a sweep is refused with the reference of its bytes")
    func lateAfterSweep() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        temporary.clock.advance(by: .seconds(600))
        #expect(try await temporary.store.sweep() == [claim.artifactId])
        let error = await storeError {
            try await temporary.store.complete(claim, storing: SampleImage.png(), execution: Fixture.execution)
        }
        #expect(error?.code == .claimLost)
        #expect(error?.storage?.objectKey == claim.objectKey)
    }

    @Test("An expired claim that nobody took may still finish")
    func expiredButUnclaimed() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        temporary.clock.advance(by: .seconds(10_000))
        try await temporary.complete(claim)
        #expect(try await temporary.store.artifact(claim.artifactId).status == .completed)
    }

    @Test("A claim made up with a wrong owner or token finishes nothing")
    func forged() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        for forged in [
            Claim(
                artifactId: claim.artifactId, parentRunId: "run_1", owner: "someone", fencingToken: 1,
                expiresAt: claim.expiresAt),
            Claim(
                artifactId: claim.artifactId, parentRunId: "run_1", owner: claim.owner, fencingToken: 2,
                expiresAt: claim.expiresAt),
        ] {
            #expect(await storeError { try await temporary.store.fail(forged, Fixture.failure) }?.code == .claimLost)
        }
        let unknown = Claim(
            artifactId: "nowhere", parentRunId: "run_1", owner: claim.owner, fencingToken: 1,
            expiresAt: claim.expiresAt)
        #expect(await storeError { try await temporary.store.fail(unknown, Fixture.failure) }?.code == .notFound)
    }

    @Test("Sweeping fails expired claims with guidance and leaves live ones alone, in any number")
    func sweep() async throws {
        let temporary = try await TemporaryStore.open()
        var expired: Set<ArtifactID> = []
        for index in 0..<1203 {
            let claim = try await temporary.store.begin(
                Fixture.request, for: "run_\(index)",
                claimDuration: index.isMultiple(of: 2) ? .seconds(1) : .seconds(60)
            ).claim
            if index.isMultiple(of: 2) { expired.insert(claim.artifactId) }
        }
        #expect(try await temporary.store.sweep().isEmpty)
        temporary.clock.advance(by: .seconds(1))
        #expect(try await temporary.store.statistics().expiredClaims == expired.count)
        let swept = try await temporary.store.sweep()
        #expect(Set(swept) == expired && swept.count == expired.count)
        #expect(try await temporary.store.sweep().isEmpty)
        let failed = try await temporary.store.artifact(swept[0])
        #expect(failed.failure?.type == .generationFailed)
        #expect(failed.failure?.recoveryGuidance.contains("billed") == true)
        #expect(failed.failure?.providerCode == "claim_expired")
        #expect(try await temporary.store.statistics().counts.pending == 1203 - expired.count)
    }

    @Test("The object key leads back to run and artifact, whatever their names")
    func objectKeys() async throws {
        func key(_ run: String, _ artifact: ArtifactID, _ token: Int64) -> String {
            Claim(
                artifactId: artifact, parentRunId: run, owner: "o", fencingToken: token,
                expiresAt: .earliest
            ).objectKey.text
        }
        #expect(key("run_1", "art_1", 3) == "run_1/art_1/3")
        let names = ["", ".", "..", "a/b", "a b", "ü", ".hidden", String(repeating: "x", count: 200), "a\\b", "%2e"]
        for name in names {
            let text = key(name, "art_1", 1)
            #expect(throws: Never.self) { try ObjectKey(text) }
            #expect(text.hasPrefix("sha256-"))
        }
        #expect(Set(names.map { key($0, "art_1", 1) }).count == names.count)
    }
}
