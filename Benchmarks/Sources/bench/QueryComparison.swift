import ArtifactStore
import CWorkload
import Foundation

/// Searches and pages of a large store, ours beside the same SQL through the C API, in turns on the same file.
enum QueryComparison {
    private struct Case {
        let name: String
        /// What the answer may take at its 99th percentile on a quiet machine, in seconds.
        let limit: Double?
        let filter: ArtifactFilter
        var order = ArtifactOrder.newestFirst
        /// The sequence to go on behind.
        var depth: Int?
        let condition: String
    }

    static func run(_ settings: Settings, _ report: Report) async throws {
        let count = settings.queriedArtifacts
        report.section("Searches and pages of 50, in a store of \(count) artifacts")
        let path = try await store(settings, count)
        var options = StoreOptions()
        options.access = .readOnly
        let store = try await ArtifactStore.open(at: path, options: options)
        for query in cases(count) { try await compare(query, store, path, settings, report) }
        for grouping in [UsageGrouping.day, .model, .provider, .version, .run] {
            try await UsageComparison(store: store, path: path, settings: settings).run(grouping, report)
        }
        try await store.close()
    }

    private static func store(_ settings: Settings, _ count: Int) async throws -> String {
        let path = settings.folder + "/prompts-\(count).sqlite"
        if access(path, F_OK) == 0 { return path }
        let draft = try settings.freshFile("prompts-draft.sqlite")
        try await ArtifactStore.open(at: draft).close()
        _ = try CBaseline.words(["fill-prompts", draft, settings.migrations, "\(count)"])
        for suffix in ["-wal", "-shm", "-lock"] where access(draft + suffix, F_OK) == 0 {
            try FileManager.default.removeItem(atPath: draft + suffix)
        }
        try FileManager.default.moveItem(atPath: draft, toPath: path)
        return path
    }

    private static func cases(_ count: Int) -> [Case] {
        let both = "+status = 'completed' AND (+requestedModel = 'model-3' OR +underlyingImageModel = 'model-3')"
        let searches = [
            ("a half", "everyother"), ("a tenth", "tenth"), ("a hundredth", "hundredth"),
            ("a thousandth", "thousandth"),
        ]
        .map { share, word in
            Case(
                name: "search, word of \(share), status and model", limit: 0.010,
                filter: ArtifactFilter(status: .completed, model: "model-3", search: word), condition: both)
        }
        return searches + [
            Case(
                name: "search, word of a half, rare model", limit: 0.010,
                filter: ArtifactFilter(status: .completed, model: "model-rare", search: "everyother"),
                condition:
                    "+status = 'completed' AND (+requestedModel = 'model-rare' OR +underlyingImageModel = 'model-rare')"
            ),
            Case(
                name: "search, deep page", limit: 0.010, filter: ArtifactFilter(search: "everyother"), depth: count / 2,
                condition: "1"),
            Case(
                name: "by rank, word of a hundredth", limit: nil,
                filter: ArtifactFilter(status: .completed, model: "model-3", search: "hundredth"), order: .bestMatch,
                condition: both),
            Case(
                name: "by rank, word of a half", limit: nil,
                filter: ArtifactFilter(status: .completed, model: "model-3", search: "everyother"), order: .bestMatch,
                condition: both),
            Case(name: "first page", limit: 0.002, filter: ArtifactFilter(), condition: "1"),
            Case(name: "deep page", limit: 0.002, filter: ArtifactFilter(), depth: count / 2, condition: "1"),
        ]
    }

    private static func compare(
        _ query: Case, _ store: ArtifactStore, _ path: String, _ settings: Settings, _ report: Report
    ) async throws {
        let cursor = try await cursor(query, store)
        // Ours reads one more than it gives, to know whether there are more; so does the other. A ranked list has no next.
        let limit = query.order == .bestMatch ? 50 : 51
        let sql = Self.sql(query, behind: cursor.flatMap { $0.text.split(separator: ".")[1] }.map(String.init), limit)
        let times = query.order == .bestMatch ? 5 : 200
        var ratio = Samples(), c = Samples(), ours = Samples(), late = Samples()
        for _ in 0..<(settings.isQuick ? 3 : 7) {
            let baseline = try CBaseline.numbers(["query", path, "\(times)", "artifacts", sql])
            var seconds: [Double] = []
            let clock = ContinuousClock()
            for _ in 0..<times {
                let start = clock.now
                let page = try await store.page(where: query.filter, order: query.order, after: cursor, limit: 50)
                seconds.append((clock.now - start).inSeconds)
                guard page.artifacts.count == min(Int(baseline[0]), 50) else {
                    throw BenchError("\(query.name): \(page.artifacts.count) artifacts beside \(baseline[0])")
                }
            }
            seconds.sort()
            c.add(baseline[1])
            ours.add(seconds[times / 2])
            late.add(seconds[times * 99 / 100])
            ratio.add(seconds[times / 2] / baseline[1])
        }
        report.note(
            "\(query.name): C \(micros(c.median)) us, ours \(micros(ours.median)) us, 99th percentile \(micros(late.median)) us"
        )
        if let limit = query.limit {
            var milliseconds = Samples()
            for value in late.values { milliseconds.add(value * 1000) }
            report.result("\(query.name), 99th percentile (ms)", milliseconds, .atMost(limit * 1000))
        }
        report.result("\(query.name), ours / C (time)", ratio, .atMost(3))
    }

    /// The cursor of a page that ends about as deep, in pages of 1,000.
    private static func cursor(_ query: Case, _ store: ArtifactStore) async throws -> PageCursor? {
        guard let depth = query.depth else { return nil }
        var cursor: PageCursor?
        for _ in 0..<max(1, depth / 1000) {
            guard let next = try await store.page(where: query.filter, after: cursor, limit: 1000).nextCursor else {
                break
            }
            cursor = next
        }
        return cursor
    }

    private static func sql(_ query: Case, behind sequence: String?, _ limit: Int) -> String {
        let run = String(cString: workload_sql(workload_select_run))
        let columns = run.split(separator: " FROM ")[0]
        let before = sequence.map { " AND sequence < \($0)" } ?? ""
        guard let search = query.filter.search else {
            return "\(columns) FROM artifact WHERE \(query.condition)\(before) ORDER BY sequence DESC LIMIT \(limit)"
        }
        let match = "promptSearch MATCH '\"\(search)\"'"
        if query.order == .bestMatch {
            return """
                \(columns) FROM (
                    SELECT promptSearch.rowid AS found, rank AS score FROM promptSearch
                    CROSS JOIN artifact ON sequence = promptSearch.rowid WHERE \(match) AND \(query.condition)
                    ORDER BY rank, promptSearch.rowid DESC LIMIT \(limit))
                CROSS JOIN artifact ON sequence = found ORDER BY score, found DESC
                """
        }
        return """
            \(columns) FROM (
                SELECT rowid AS found FROM promptSearch
                WHERE \(match)\(before.replacing("sequence", with: "rowid")) ORDER BY rowid DESC)
            CROSS JOIN artifact ON sequence = found WHERE \(query.condition) ORDER BY found DESC LIMIT \(limit)
            """
    }
}
