import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

@Suite("Prompt search")
struct SearchTests {
    @Test(
        "With any other filter, in both orders and pages of any size, it finds what a plain reading of the texts finds",
        arguments: [1, 2, 3] as [UInt64])
    func everySearch(seed: UInt64) async throws {
        let temporary = try await SearchFixture.populated(seed: seed)
        let all = try await SearchFixture.all(temporary)
        var generator = SeededGenerator(seed: seed + 100)
        var found = 0
        for round in 0..<150 {
            let search = SearchFixture.Search(&generator)
            var filter = round % 2 == 0 ? ArtifactFilter() : ListTests.randomFilter(&generator, all)
            let expected = all.filter { ListTests.matches(filter, $0) && search.finds($0) }
            filter.search = search.text
            let order: ArtifactOrder = round % 4 < 2 ? .newestFirst : .oldestFirst
            let size = Int.random(in: 1...20, using: &generator)
            var listed: [GeneratedImageArtifact] = []
            for try await page in temporary.store.artifacts(where: filter, order: order, pageSize: size) {
                #expect(page.artifacts.count <= size)
                listed += page.artifacts
            }
            #expect(listed == (order == .oldestFirst ? expected : expected.reversed()), "\(search): \(filter)")
            found += listed.count
        }
        #expect(found > 300, "the searches must find something to compare")
    }

    @Test("However short the turns of the two walks are, they find the same, and stop when they are told to")
    func turns() async throws {
        let temporary = try await SearchFixture.populated(seed: 4)
        let all = try await SearchFixture.all(temporary)
        var generator = SeededGenerator(seed: 40)
        for round in 0..<200 {
            let search = SearchFixture.Search(&generator)
            let filter = ListTests.randomFilter(&generator, all)
            let order: ArtifactOrder = round % 2 == 0 ? .newestFirst : .oldestFirst
            let matching = all.filter { ListTests.matches(filter, $0) && search.finds($0) }.map(\.sequence)
            let turns = PromptMatches.Turns(
                matches: Int.random(in: 1...9, using: &generator), artifacts: Int.random(in: 1...9, using: &generator))
            let start = all.randomElement(using: &generator)?.sequence ?? 0
            let wanted = Int.random(in: 1...12, using: &generator)
            let words = try SearchWords(search.text)
            let found = try await temporary.store.repository.database.read { db in
                var found: [Int64] = []
                try PromptMatches(filter, words, order, turns: turns).forEach(db, after: start) { sequence in
                    found.append(sequence)
                    return found.count < wanted
                }
                return found
            }
            let ordered =
                order == .newestFirst ? matching.reversed().filter { $0 < start } : matching.filter { $0 > start }
            #expect(found == Array(ordered.prefix(wanted)), "\(search): \(filter)")
        }
    }

    @Test("By rank, the best come first by FTS5's own bm25, the newest of equals")
    func ranks() async throws {
        let temporary = try await SearchFixture.populated(seed: 5)
        let all = try await SearchFixture.all(temporary)
        var generator = SeededGenerator(seed: 50)
        var found = 0
        for round in 0..<60 {
            let search = SearchFixture.Search(&generator)
            var filter = round % 2 == 0 ? ArtifactFilter() : ListTests.randomFilter(&generator, all)
            let expected = Set(all.filter { ListTests.matches(filter, $0) && search.finds($0) }.map(\.sequence))
            filter.search = search.text
            let match = try SearchWords(search.text).match
            let scores = try await temporary.shell().read { db in
                try Row.fetchAll(
                    db, sql: "SELECT rowid, bm25(promptSearch) FROM promptSearch WHERE promptSearch MATCH ?",
                    arguments: [match]
                ).map { (sequence: $0[0] as Int64, score: $0[1] as Double) }
            }
            let ranked = scores.filter { expected.contains($0.sequence) }.sorted {
                $0.score == $1.score ? $0.sequence > $1.sequence : $0.score < $1.score
            }.map(\.sequence)
            #expect(ranked.count == expected.count)
            let limit = Int.random(in: 1...20, using: &generator)
            let page = try await temporary.store.page(where: filter, order: .bestMatch, limit: limit)
            #expect(page.artifacts.map(\.sequence) == Array(ranked.prefix(limit)), "\(search): \(filter)")
            #expect(page.nextCursor == nil)
            found += ranked.count
        }
        #expect(found > 100)
    }

    @Test("Ranks need a search and take no cursor; a cursor is bound to its search")
    func cursors() async throws {
        let temporary = try await SearchFixture.populated(seed: 6)
        let store = temporary.store
        #expect(await storeError { _ = try await store.page(order: .bestMatch) }?.code == .invalidInput)
        let filter = ArtifactFilter(search: "sea")
        let cursor = try #require(try await store.page(where: filter, limit: 2).nextCursor)
        for other in ["sea ", "dusk", nil] {
            let refused = await storeError { _ = try await store.page(where: .init(search: other), after: cursor) }
            #expect(refused?.code == .invalidInput, "\(other ?? "no search")")
        }
        let ranked = await storeError { _ = try await store.page(where: filter, order: .bestMatch, after: cursor) }
        #expect(ranked?.code == .invalidInput)
        // Made before there was a search.
        let old = PageCursor(after: 7, filter: ArtifactFilter(status: .failed, model: "m"), order: .newestFirst)
        #expect(old.text == "c1.7.\(Self.bindingOfOld)")
    }

    private static let bindingOfOld = String(
        SHA256Hex.of(#"["newest","failed",null,"m",null,null,null,null,null,null,null]"#.utf8).prefix(16))

    @Test(
        "A search without a letter or digit, with NUL or of more than 1,024 bytes is refused, wherever a filter goes",
        arguments: ["", " ", "\"\"", "- * ^ :", "\u{0301}", "a\0b", String(repeating: "a", count: 1025)])
    func refused(text: String) async throws {
        let store = try await TemporaryStore.open().store
        let filter = ArtifactFilter(search: text)
        let calls: [() async throws -> Void] = [
            { _ = try await store.page(where: filter) }, { _ = try await store.page(where: filter, order: .bestMatch) },
            { for try await _ in store.artifacts(where: filter) {} },
            { _ = try await store.usage(by: .day, where: filter) },
            { _ = try await store.failures(by: .type, where: filter) }, { _ = try await store.delete(where: filter) },
            { _ = try await store.verifyObjects(where: filter, in: { _, _ in nil }, damage: { _ in }) },
        ]
        for (index, call) in calls.enumerated() {
            let error = await storeError(call)
            #expect(error?.code == .invalidInput && error?.message.contains("search") == true, "call \(index)")
        }
    }

    @Test("The longest search is answered, and anything else that FTS5 could take for syntax is a word")
    func accepted() async throws {
        let temporary = try await SearchFixture.populated(seed: 7)
        var generator = SeededGenerator(seed: 70)
        let longest = [
            String(repeating: "a", count: 1024), String(repeating: "a ", count: 512),
            "\"" + String(repeating: "a ", count: 511), String(repeating: "\"a\"", count: 341),
        ]
        let symbols = Array("\"'*^:()+-{}[];,.\\%a sea\n")
        let random = (0..<300).map { _ in
            "a" + String((0..<12).map { _ in symbols.randomElement(using: &generator) ?? "a" })
        }
        for text in longest + random {
            for order in ArtifactOrder.allCases {
                let error = await storeError {
                    _ = try await temporary.store.page(where: ArtifactFilter(search: text), order: order)
                }
                #expect(error == nil, "\(text)")
            }
        }
    }

    @Test("Summaries, deletion and verification go by a search as lists do")
    func everywhere() async throws {
        let temporary = try await SearchFixture.populated(seed: 8)
        let all = try await SearchFixture.all(temporary)
        let lighthouse = ["lighthouse"]
        func finds(_ artifact: GeneratedImageArtifact) -> Bool {
            [artifact.request.prompt, artifact.modelExecution?.revisedPrompt].compactMap { $0 }.contains {
                !Set(SearchFixture.tokens($0)).isDisjoint(with: lighthouse)
            }
        }
        let filter = ArtifactFilter(search: "LightHouse")
        let found = all.filter(finds)
        #expect(found.count > 10 && found.count < all.count / 2)
        let usage = try await temporary.store.usage(by: .model, where: filter)
        #expect(usage.counts.total == found.count)
        let failures = try await temporary.store.failures(by: .type, where: filter)
        #expect(failures.reduce(0) { $0 + $1.count } == found.count { $0.status == .failed })
        let verified = try await temporary.store.verifyObjects(where: filter, in: { _, _ in nil }, damage: { _ in })
        #expect(verified.elsewhereCount == found.count { $0.status == .completed })
        temporary.clock.advance(by: .seconds(100_000))
        let deleted = try await temporary.store.delete(where: filter)
        #expect(deleted.deletedCount == found.count)
        #expect(try await temporary.store.page(where: filter).artifacts.isEmpty)
        #expect(try await SearchFixture.all(temporary) == all.filter { !finds($0) })
    }

    @Test("No search scans a table; only ranks are sorted")
    func plans() async throws {
        let temporary = try await SearchFixture.populated(seed: 9, count: 40)
        let all = try await SearchFixture.all(temporary)
        var generator = SeededGenerator(seed: 90)
        for round in 0..<100 {
            let filter = round == 0 ? ArtifactFilter() : ListTests.randomFilter(&generator, all)
            for order in [ArtifactOrder.newestFirst, .oldestFirst] {
                let plan = try await QueryPlanTests.plan(PromptMatches.matches(filter, order), temporary)
                #expect(plan.allSatisfy(Self.isDirect), "\(plan)")
            }
            let plan = try await QueryPlanTests.plan(PromptMatches.bestMatches(filter), temporary)
            #expect(plan.filter { !Self.isDirect($0) } == ["USE TEMP B-TREE FOR ORDER BY"], "\(plan)")
        }
        let probe = try await QueryPlanTests.plan(PromptMatches.probe, temporary)
        #expect(probe.allSatisfy(Self.isDirect), "\(probe)")
        for sql in [ListQuery.selectBounds, ArtifactRepository.selectBySequence] {
            try await QueryPlanTests.expectSearch(sql, temporary)
        }
    }

    /// Whether a step goes by the index of prompts, by a row id, or is no walk at all.
    private static func isDirect(_ step: String) -> Bool {
        step.hasPrefix("SCAN promptSearch VIRTUAL TABLE INDEX") || step.hasPrefix("CORRELATED SCALAR SUBQUERY")
            || step == "SEARCH artifact USING INTEGER PRIMARY KEY (rowid=?)"
    }
}
