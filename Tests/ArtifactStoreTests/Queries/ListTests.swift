import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

@Suite("Lists")
struct ListTests {
    /// 240 artifacts over five days, in every status and with every filterable value.
    private func populated() async throws -> (TemporaryStore, [GeneratedImageArtifact]) {
        let temporary = try await TemporaryStore.open()
        var generator = SeededGenerator(seed: 3)
        for index in 0..<240 {
            var request = Fixture.request
            request.model = "model-\(Int.random(in: 0..<3, using: &generator))"
            let versions = VersionContext(
                skillVersion: index % 3 == 0 ? nil : "s\(index % 4)", promptVersion: "p\(index % 5)",
                templateVersion: index % 2 == 0 ? "t\(index % 3)" : nil)
            let claim = try await temporary.store.begin(
                request, for: "run_\(index / 16)", context: ArtifactContext(versionContext: versions)
            ).claim
            var execution = ModelExecution(provider: "provider-\(index % 3)")
            if index % 4 == 0 { execution.underlyingImageModel = "model-\(index % 3)" }
            switch index % 5 {
            case 0: break
            case 1:
                let types = ArtifactFailure.FailureType.allCases
                try await temporary.store.fail(
                    claim, ArtifactFailure(types[index / 5 % types.count], "no"), execution: execution)
            default:
                try await temporary.store.complete(
                    claim, at: Fixture.reference("k\(index)"), execution: execution)
            }
            // Mostly forward, sometimes back: the order must be that of creation all the same.
            temporary.clock.advance(by: .seconds(Int.random(in: -3600...7200, using: &generator)))
        }
        let all = try await temporary.store.page(order: .oldestFirst, limit: 1000).artifacts
        #expect(all.count == 240)
        return (temporary, all)
    }

    /// Whether every condition but the search holds.
    static func matches(_ filter: ArtifactFilter, _ artifact: GeneratedImageArtifact) -> Bool {
        let versions = artifact.context.versionContext
        return (filter.status ?? artifact.status) == artifact.status
            && (filter.parentRunId ?? artifact.parentRunId) == artifact.parentRunId
            && filter.model.map {
                [artifact.request.model, artifact.modelExecution?.underlyingImageModel].contains($0)
            }
                ?? true
            && filter.provider.map { $0 == artifact.modelExecution?.provider } ?? true
            && filter.failureType.map { $0 == artifact.failure?.type } ?? true
            && filter.skillVersion.map { $0 == versions.skillVersion } ?? true
            && filter.promptVersion.map { $0 == versions.promptVersion } ?? true
            && filter.templateVersion.map { $0 == versions.templateVersion } ?? true
            && filter.since.map { artifact.createdAt >= $0 } ?? true
            && filter.until.map { artifact.createdAt < $0 } ?? true
    }

    static func randomFilter(
        _ generator: inout SeededGenerator, _ artifacts: [GeneratedImageArtifact]
    ) -> ArtifactFilter {
        var filter = ArtifactFilter()
        func sometimes() -> Bool { Int.random(in: 0..<4, using: &generator) == 0 }
        if sometimes() { filter.status = ArtifactStatus.allCases.randomElement(using: &generator) }
        if sometimes() { filter.parentRunId = "run_\(Int.random(in: 0..<16, using: &generator))" }
        if sometimes() { filter.model = "model-\(Int.random(in: 0..<4, using: &generator))" }
        if sometimes() { filter.provider = "provider-\(Int.random(in: 0..<3, using: &generator))" }
        if sometimes() { filter.failureType = ArtifactFailure.FailureType.allCases.randomElement(using: &generator) }
        if sometimes() { filter.skillVersion = "s\(Int.random(in: 0..<4, using: &generator))" }
        if sometimes() { filter.promptVersion = "p\(Int.random(in: 0..<5, using: &generator))" }
        if sometimes() { filter.templateVersion = "t\(Int.random(in: 0..<3, using: &generator))" }
        if sometimes() { filter.since = artifacts.randomElement(using: &generator)?.createdAt }
        if sometimes() { filter.until = artifacts.randomElement(using: &generator)?.createdAt }
        return filter
    }

    @Test("Any filter, order and page size gives exactly the matching artifacts, once, in the order of creation")
    func everyFilter() async throws {
        let (temporary, all) = try await populated()
        var generator = SeededGenerator(seed: 17)
        var found = 0
        for round in 0..<300 {
            let filter = Self.randomFilter(&generator, all)
            let order: ArtifactOrder = round.isMultiple(of: 2) ? .newestFirst : .oldestFirst
            let expected = all.filter { Self.matches(filter, $0) }
            let size = Int.random(in: 1...40, using: &generator)
            var listed: [GeneratedImageArtifact] = []
            for try await page in temporary.store.artifacts(where: filter, order: order, pageSize: size) {
                #expect(page.artifacts.count <= size)
                listed += page.artifacts
            }
            #expect(listed == (order == .oldestFirst ? expected : expected.reversed()), "\(filter)")
            found += listed.count
        }
        #expect(found > 300, "the filters must leave something to compare")
    }

    @Test("No query scans a table or sorts: the plan of every filter and order")
    func plans() async throws {
        let (temporary, all) = try await populated()
        var generator = SeededGenerator(seed: 23)
        for round in 0..<400 {
            let filter = round == 0 ? ArtifactFilter() : Self.randomFilter(&generator, all)
            let order: ArtifactOrder = round.isMultiple(of: 2) ? .newestFirst : .oldestFirst
            let query = ListQuery(filter, order, after: nil, limit: 50)
            try await QueryPlanTests.expectSearch(query.sql, temporary)
        }
    }

    @Test("The condition that leaves fewest drives, whatever else is asked")
    func drivers() async throws {
        let temporary = try await TemporaryStore.open()
        let cases: [(ArtifactFilter, [String])] = [
            (ArtifactFilter(status: .failed, parentRunId: "r", model: "m", skillVersion: "s"), ["artifactByRun"]),
            (ArtifactFilter(status: .failed, provider: "p", promptVersion: "v"), ["artifactByPromptVersion"]),
            (ArtifactFilter(status: .pending, promptVersion: "v"), ["artifactByStatus"]),
            (ArtifactFilter(status: .failed, failureType: .generationFailed), ["artifactByFailureType"]),
            (ArtifactFilter(status: .failed, model: "m", provider: "p"), ["artifactByStatus"]),
            (ArtifactFilter(status: .completed, provider: "p"), ["artifactByProvider"]),
            (
                ArtifactFilter(status: .completed, model: "m", provider: "p"),
                ["artifactByRequestedModel", "artifactByUnderlyingImageModel"]
            ),
        ]
        for (filter, indexes) in cases {
            let query = ListQuery(filter, .newestFirst, after: nil, limit: 50)
            let plan = try await QueryPlanTests.plan(query.sql, temporary).joined(separator: "\n")
            let used = plan.matches(of: /USING INDEX (\w+)/).map { String($0.output.1) }
            #expect(used == indexes, "\(plan)")
        }
    }

    @Test("A cursor is refused with another filter or order, and when it was made up")
    func cursors() async throws {
        let (temporary, all) = try await populated()
        let filter = ArtifactFilter(status: .completed, model: "model-1")
        let cursor = try #require(try await temporary.store.page(where: filter, limit: 3).nextCursor)
        #expect(throws: Never.self) { try PageCursor(cursor.text, filter: filter, order: .newestFirst) }
        var generator = SeededGenerator(seed: 29)
        for _ in 0..<100 {
            let other = Self.randomFilter(&generator, all)
            guard other != filter else { continue }
            #expect(
                await storeError { _ = try PageCursor(cursor.text, filter: other, order: .newestFirst) }?.code
                    == .invalidInput)
            #expect(
                await storeError { _ = try await temporary.store.page(where: other, after: cursor) }?.code
                    == .invalidInput)
        }
        let turned = await storeError { _ = try PageCursor(cursor.text, filter: filter, order: .oldestFirst) }
        #expect(turned?.code == .invalidInput)
        for text in [
            "", "x", "c1", "c1..", "c1.1.", "c1.-1.00", "c2.3.0011", cursor.text + "0", " \(cursor.text)",
            "c1.+5." + cursor.text.suffix(16), "c1.05." + cursor.text.suffix(16),
            String(repeating: "9", count: 100_000),
        ] {
            let error = await storeError { _ = try PageCursor(text, filter: filter, order: .newestFirst) }
            #expect(error?.code == .invalidInput, "\(text.prefix(40))")
        }
    }

    @Test("Artifacts recorded between two pages never appear twice and never push one out")
    func growing() async throws {
        let (temporary, all) = try await populated()
        var listed: [ArtifactID] = []
        for try await page in temporary.store.artifacts(pageSize: 7) {
            listed += page.artifacts.map(\.artifactId)
            _ = try await temporary.claim()
        }
        #expect(listed == all.reversed().map(\.artifactId))
    }

    @Test("Limits are held to 1 to 1000", arguments: [Int.min, -1, 0, 1, 1000, 1001, Int.max])
    func limits(limit: Int) async throws {
        let temporary = try await TemporaryStore.open()
        for _ in 0..<3 { _ = try await temporary.claim() }
        let page = try await temporary.store.page(limit: limit)
        #expect(page.artifacts.count == (limit <= 1 ? 1 : 3))
        let events = try await temporary.store.events(limit: limit)
        #expect(events.count == (limit <= 1 ? 1 : 3))
    }
}
