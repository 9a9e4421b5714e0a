import ArtifactStoreTesting
import GRDB
import Testing

@testable import ArtifactStore

/// Sums by day stand beside sums over the artifacts, and both beside what the sqlite3 shell adds up.
@Suite("Roll-ups of usage", .enabled(if: Shell.isThere, "sqlite3 is not installed"))
struct UsageRollUpTests {
    private func expectSame(
        _ temporary: TemporaryStore, _ filter: ArtifactFilter, _ condition: String
    ) async throws {
        for grouping in UsageGrouping.allCases {
            let summary = try await temporary.store.usage(by: grouping, where: filter)
            let each = try await temporary.store.usage(by: grouping, where: filter, artifactByArtifact: true)
            #expect(summary.groups == each.groups, "\(grouping) \(condition)")
            #expect(summary.counts == each.counts && summary.usage == each.usage, "\(grouping) \(condition)")
            try await UsageBySQL.expect(summary, grouping, temporary.path, condition)
        }
    }

    static func sumsDiffer(_ temporary: TemporaryStore) async throws -> Bool {
        try await temporary.store.repository.database.read { try ArtifactRepository.usageSumsDiffer($0) }
    }

    @Test(
        "Sums by day give what the artifacts give, by every key and filter, whatever happened to the artifacts",
        arguments: 1...4 as ClosedRange<UInt64>)
    func same(seed: UInt64) async throws {
        var history = try await UsageHistory(seed: seed)
        var byDay = 0
        for _ in 0..<5 {
            for _ in 0..<25 { try await history.step() }
            #expect(try await !Self.sumsDiffer(history.temporary))
            for _ in 0..<4 {
                let (filter, condition) = history.filter()
                try await expectSame(history.temporary, filter, condition)
                if UsagePlan(filter, by: .day) != nil { byDay += 1 }
            }
            try await expectSame(history.temporary, ArtifactFilter(), "1")
        }
        #expect(byDay > 5, "the filters must leave something that sums by day answer")
    }

    @Test("What is imported has its sums, too")
    func imported() async throws {
        var history = try await UsageHistory(seed: 99)
        for _ in 0..<100 { try await history.step() }
        let folder = try TemporaryFolder()
        _ = try await history.temporary.store.export(to: folder.path(of: "export"))
        let other = try await TemporaryStore.open()
        _ = try await other.store.importArtifacts(from: folder.path(of: "export"))
        #expect(try await !Self.sumsDiffer(other))
        for _ in 0..<10 {
            let (filter, condition) = history.filter()
            try await expectSame(other, filter, condition)
        }
    }

    @Test("A store of an older version has the sums of its artifacts once it is upgraded")
    func upgraded() async throws {
        let temporary = try await ExchangeFixture.frozen()
        #expect(try await !Self.sumsDiffer(temporary))
        let since = Timestamp(clamping: 1_767_300_000_000)
        try await expectSame(temporary, ArtifactFilter(), "1")
        try await expectSame(temporary, ArtifactFilter(since: since), "createdAt >= \(since.milliseconds)")
    }

    @Test("Sums by day are asked for whole days only, and only for what they were made for")
    func plans() throws {
        let day: Int64 = 86_400_000
        func plan(_ since: Int64?, _ until: Int64?) -> UsagePlan? {
            UsagePlan(
                ArtifactFilter(
                    since: since.map(Timestamp.init(clamping:)), until: until.map(Timestamp.init(clamping:))), by: .day)
        }
        #expect(plan(nil, nil)?.edges == [])
        #expect(plan(day, 3 * day)?.edges == [])
        let both = try #require(plan(day + 1, 3 * day + 1))
        #expect(both.edges.map(\.since?.milliseconds) == [day + 1, 3 * day])
        #expect(both.edges.map(\.until?.milliseconds) == [2 * day, 3 * day + 1])
        #expect(plan(1, 2 * day - 1) == nil && plan(day, day) == nil && plan(3 * day, day) == nil)
        #expect(plan(nil, Timestamp.latest.milliseconds)?.edges.count == 1, "the last moment is not asked for")
        #expect(UsagePlan(ArtifactFilter(parentRunId: "run_1"), by: .model) == nil)
        #expect(UsagePlan(ArtifactFilter(), by: .run) == nil)
        #expect(UsagePlan(ArtifactFilter(status: .pending), by: .model) == nil)
        #expect(UsagePlan(ArtifactFilter(provider: ""), by: .model) == nil, "no artifact's provider is empty")
        #expect(UsagePlan(ArtifactFilter(status: .failed), by: .model)?.pending == nil)
    }

    @Test("A sum that does not fit 64 bits is an error")
    func overflow() async throws {
        let temporary = try await TemporaryStore.open()
        try await temporary.complete(try await temporary.claim())
        try await temporary.shell().write { db in
            try db.execute(sql: "UPDATE usageByDay SET outputTokens = 9223372036854775807")
            let columns = try db.columns(in: "usageByDay").map { $0.name == "day" ? "day + 1" : $0.name }
            try db.execute(
                sql: "INSERT INTO usageByDay SELECT \(columns.joined(separator: ", ")) FROM usageByDay")
        }
        let error = await storeError { _ = try await temporary.store.usage(by: .day) }
        #expect(error?.code == .invalidInput && error?.message.contains("64 bits") == true)
        let one = try await temporary.store.usage(
            by: .day, where: ArtifactFilter(until: temporary.clock.now.advanced(by: .seconds(86_400))))
        #expect(one.usage.outputTokens.value == .max)
    }

    @Test("No statement of a roll-up scans a table or sorts")
    func queryPlans() async throws {
        var history = try await UsageHistory(seed: 7)
        for _ in 0..<100 {
            let (filter, _) = history.filter()
            for grouping in UsageGrouping.allCases {
                let columns = UsageEntry.columns(by: grouping)
                let query = ListQuery(filter, .oldestFirst, after: nil, limit: .max, columns: columns)
                try await QueryPlanTests.expectSearch(query.sql, history.temporary)
                guard let plan = UsagePlan(filter, by: grouping) else { continue }
                try await QueryPlanTests.expectSearch(plan.sql, history.temporary)
            }
        }
    }
}
