import ArtifactStore

/// Everything at 1,000 and at 1,000,000 artifacts: the cost must stay flat.
enum ScaleComparison {
    private static let bound = 2.0

    static func run(_ settings: Settings, _ report: Report) async throws {
        guard !settings.isQuick else {
            report.leftOut("cost at 1,000,000 artifacts / at 1,000", because: "BENCH_QUICK skips it")
            return
        }
        report.section("Ours at 1,000 and at 1,000,000 artifacts")
        let small = try await FilledStore.make(settings, count: 1000, keep: false)
        let large = try await FilledStore.make(settings, count: 1_000_000, keep: true)
        try await queries(settings, report, small, large)
        for callers in [1, 64] {
            try await lifecycles(settings, report, small, large, callers: callers)
        }
    }

    private static func queries(
        _ settings: Settings, _ report: Report, _ small: FilledStore, _ large: FilledStore
    ) async throws {
        let inSmall = try await ArtifactStore.open(at: small.path)
        let inLarge = try await ArtifactStore.open(at: large.path)
        for (ofSmall, ofLarge) in zip(Queries.all(small), Queries.all(large)) {
            var before = Samples(), after = Samples(), ratio = Samples()
            for _ in 0..<settings.rounds {
                let seconds = settings.seconds / 3
                let one = try await Queries.timeOfOne(seconds: seconds) { try await ofSmall.query(inSmall, $0) }
                let other = try await Queries.timeOfOne(seconds: seconds) { try await ofLarge.query(inLarge, $0) }
                before.add(one)
                after.add(other)
                ratio.add(other / one)
            }
            report.note("\(ofSmall.name): \(micros(before.median)) us, \(micros(after.median)) us")
            report.result("\(ofSmall.name), 1,000,000 / 1,000", ratio, .atMost(bound))
        }
        try await inSmall.close()
        try await inLarge.close()
    }

    private static func lifecycles(
        _ settings: Settings, _ report: Report, _ small: FilledStore, _ large: FilledStore, callers: Int
    ) async throws {
        var before = Samples(), after = Samples(), ratio = Samples()
        for _ in 0..<settings.rounds {
            // Made again for every round: what is measured would turn it into a store of thousands.
            let fresh = try await FilledStore.make(settings, count: small.count, keep: false)
            let one = try await lifecycle(settings, fresh, callers: callers)
            let other = try await lifecycle(settings, large, callers: callers)
            before.add(one)
            after.add(other)
            ratio.add(other / one)
        }
        report.note(
            "lifecycle, \(callers) callers: \(micros(before.median)) us, \(micros(after.median)) us of the store's time"
        )
        report.result("lifecycle, \(callers) callers, 1,000,000 / 1,000", ratio, .atMost(bound))
    }

    /// The store's time for one lifecycle.
    private static func lifecycle(
        _ settings: Settings, _ filled: FilledStore, callers: Int
    ) async throws -> Double {
        let store = try await ArtifactStore.open(at: filled.path)
        let result = try await Lifecycles.ours(store, callers: callers, seconds: settings.seconds / 2)
        try await store.close()
        return 1 / result.perSecond
    }
}
