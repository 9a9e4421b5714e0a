import ArtifactStore
import ArtifactStoreTesting
import Testing

@Suite("Run detail")
struct RunDetailTests {
    @Test("A run shows its artifacts, counts, models, versions, exact totals and failures")
    func whole() async throws {
        let temporary = try await TemporaryStore.open()
        var expectedMicros: Int64 = 0
        for index in 0..<6 {
            let claim = try await temporary.claim()
            var usage = Fixture.usage
            usage.cost = Cost(micros: Int64(index) * 333_333 + 1, currency: index == 5 ? "EUR" : "USD")
            if index == 4 { usage.cost = nil }
            switch index {
            case 0: break
            case 1:
                try await temporary.store.fail(claim, Fixture.failure, execution: Fixture.execution)
            default:
                try await temporary.store.complete(
                    claim, at: Fixture.reference("k\(index)"), execution: Fixture.execution, usage: usage)
                if index < 4 { expectedMicros += usage.cost?.micros ?? 0 }
            }
        }
        _ = try await temporary.claim(run: "run_2")
        let detail = try await temporary.store.runDetail("run_1")
        #expect(detail.artifacts.count == 6)
        #expect(detail.artifacts.map(\.sequence) == detail.artifacts.map(\.sequence).sorted())
        #expect((detail.counts.pending, detail.counts.completed, detail.counts.failed) == (1, 4, 1))
        #expect(detail.models.map(\.artifactCount) == [1, 5])
        #expect(detail.models[1].underlyingImageModel == "image-model-2026")
        #expect(detail.versions == [Fixture.context.versionContext])
        #expect(detail.usage.totalTokens.value == Int64(16_840))
        #expect(
            detail.usage.costs == [
                Cost(micros: 5 * 333_333 + 1, currency: "EUR"), Cost(micros: expectedMicros, currency: "USD"),
            ])
        #expect(detail.usage.artifactsWithoutCost == 2)
        #expect(detail.failures.map(\.failure) == [Fixture.failure])
        #expect(detail.artifacts.allSatisfy { $0.context == Fixture.context })
    }

    @Test("A total that nobody knows is absent, not 0")
    func unknownTotals() async throws {
        let temporary = try await TemporaryStore.open()
        let claim = try await temporary.claim()
        try await temporary.store.complete(
            claim, at: Fixture.reference("k"), execution: ModelExecution(provider: "p"))
        let detail = try await temporary.store.runDetail("run_1")
        #expect(detail.usage.totalTokens.value == nil)
        #expect(detail.usage.costs.isEmpty)
        #expect(detail.json["usage"]?["totalTokens"] == nil)
    }

    @Test("A run without artifacts is not found")
    func missing() async throws {
        let temporary = try await TemporaryStore.open()
        #expect(await storeError { _ = try await temporary.store.runDetail("run_1") }?.code == .notFound)
        #expect(await storeError { _ = try await temporary.store.artifact("art") }?.code == .notFound)
        let reference = try Fixture.reference("k")
        #expect(await storeError { _ = try await temporary.store.artifact(at: reference) }?.code == .notFound)
    }

    @Test("Statistics count what is there")
    func statistics() async throws {
        let temporary = try await TemporaryStore.open()
        let empty = try await temporary.store.statistics()
        #expect(empty.counts.total == 0 && empty.lastEventSequence == 0 && empty.firstCreatedAt == nil)
        let first = try await temporary.claim()
        try await temporary.store.fail(first, Fixture.failure)
        temporary.clock.advance(by: .seconds(5))
        try await temporary.complete(temporary.claim())
        _ = try await temporary.claim()
        let statistics = try await temporary.store.statistics()
        #expect(
            (statistics.counts.pending, statistics.counts.completed, statistics.counts.failed) == (1, 1, 1))
        #expect(statistics.failures.map(\.type) == [.providerUnavailable])
        #expect(statistics.lastEventSequence == 5)
        #expect(statistics.firstCreatedAt?.advanced(by: .seconds(5)) == statistics.lastCreatedAt)
        #expect(statistics.databaseBytes > 0)
    }
}
