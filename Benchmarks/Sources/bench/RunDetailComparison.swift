import ArtifactStore

/// A run of sixteen artifacts, whole: ours beside C.
enum RunDetailComparison {
    static func run(_ settings: Settings, _ report: Report) async throws {
        report.section("Run detail of 16 artifacts, in a store of 1,000")
        let filled = try await FilledStore.make(settings, count: 1000, keep: false)
        let store = try await ArtifactStore.open(at: filled.path)
        var c = Samples(), ours = Samples(), ratio = Samples()
        for _ in 0..<settings.rounds {
            let baseline = 1 / (try CBaseline.runDetail(settings, file: filled.path, runs: filled.runs).perSecond)
            let measured = try await Queries.timeOfOne(seconds: settings.seconds) { number in
                let detail = try await store.runDetail(filled.runId(number))
                guard detail.artifacts.count == Workload.runSize else { throw BenchError("a run is not whole") }
            }
            c.add(baseline)
            ours.add(measured)
            ratio.add(measured / baseline)
        }
        try await store.close()
        report.note("C \(micros(c.median)) us, ours \(micros(ours.median)) us")
        report.result("run detail, ours / C (time)", ratio, .atMost(3))
    }
}
