import ArtifactStore

/// google/ml-metadata doing the same beside ours. Nothing is promised about it; it shows what a caller gets elsewhere.
enum MLMDComparison {
    static func run(_ settings: Settings, _ report: Report) async throws {
        guard let python = settings.python else {
            report.leftOut("beside ml-metadata 1.17", because: settings.pythonIsMissingBecause)
            return
        }
        report.section("google/ml-metadata 1.17, 1 caller")
        let filled = try await FilledStore.make(settings, count: 1000, keep: false)
        var lifecycle = Samples(), theirs = Samples(), detail = Samples(), theirDetail = Samples()
        for _ in 0..<settings.rounds {
            lifecycle.add(try await LifecycleComparison.library(settings, callers: 1).perSecond)
            let store = try await ArtifactStore.open(at: filled.path)
            detail.add(
                try await Queries.timeOfOne(seconds: settings.seconds) {
                    _ = try await store.runDetail(filled.runId($0))
                })
            try await store.close()
            let file = try settings.freshFile("mlmd.sqlite")
            let numbers = try Subprocess.run([python, "mlmd.py", file, "\(settings.seconds)"]).output
                .split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
            guard numbers.count == 2 else { throw BenchError("mlmd.py printed no result") }
            theirs.add(numbers[0])
            theirDetail.add(numbers[1])
        }
        report.note("lifecycle: ours \(short(lifecycle.median)) a second, ml-metadata \(short(theirs.median))")
        report.note(
            "run of 16 artifacts: ours \(micros(detail.median)) us, ml-metadata \(micros(theirDetail.median)) us")
    }
}
