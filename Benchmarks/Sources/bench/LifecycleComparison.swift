import ArtifactStore

/// Begin and complete, durable: ours beside C, and beside GRDB's plain `write`.
enum LifecycleComparison {
    static func run(_ settings: Settings, _ report: Report) async throws {
        try await oneCaller(settings, report)
        try await manyCallers(settings, report)
    }

    private static func oneCaller(_ settings: Settings, _ report: Report) async throws {
        report.section("Lifecycle, 1 caller; C with one transaction a call")
        var c = Samples(), ours = Samples(), ratio = Samples()
        for _ in 0..<settings.rounds {
            let baseline = try CBaseline.lifecycle(settings, group: 1)
            let measured = try await library(settings, callers: 1)
            c.add(baseline.perSecond)
            ours.add(measured.perSecond)
            ratio.add(measured.perSecond / baseline.perSecond)
        }
        report.note("C \(short(c.median)) a second, ours \(short(ours.median))")
        report.result("lifecycle, 1 caller, ours / C", ratio, .atLeast(0.85))
    }

    private static func manyCallers(_ settings: Settings, _ report: Report) async throws {
        report.section("Lifecycle, 64 and 256 callers; C with 64 operations a transaction")
        var c = Samples(), ours64 = Samples(), ours256 = Samples(), plain = Samples()
        var toC64 = Samples(), toC256 = Samples(), toPlain = Samples()
        for _ in 0..<settings.rounds {
            let baseline = try CBaseline.lifecycle(settings, group: 64).perSecond
            let with64 = try await library(settings, callers: 64).perSecond
            let with256 = try await library(settings, callers: 256).perSecond
            let grdb = try await plainGRDB(settings, callers: 64).perSecond
            c.add(baseline)
            ours64.add(with64)
            ours256.add(with256)
            plain.add(grdb)
            toC64.add(with64 / baseline)
            toC256.add(with256 / baseline)
            toPlain.add(with64 / grdb)
        }
        report.note(
            "C \(short(c.median)) a second, ours \(short(ours64.median)) with 64 callers and \(short(ours256.median))"
                + " with 256, GRDB's pool.write \(short(plain.median)) with 64")
        report.result("lifecycle, 64 callers, ours / C", toC64, .atLeast(0.7))
        report.result("lifecycle, 64 callers, ours / GRDB pool.write", toPlain, .atLeast(12))
        report.result("lifecycle, 256 callers, ours / C", toC256, .atLeast(0.85))
    }

    static func library(_ settings: Settings, callers: Int) async throws -> Throughput {
        let store = try await ArtifactStore.open(at: settings.freshFile("ours.sqlite"))
        let result = try await Lifecycles.ours(store, callers: callers, seconds: settings.seconds)
        try await store.close()
        return result
    }

    private static func plainGRDB(_ settings: Settings, callers: Int) async throws -> Throughput {
        let store = try PlainGRDB(path: settings.freshFile("grdb.sqlite"), migrations: settings.migrations)
        let result = try await Lifecycles.plainGRDB(store, callers: callers, seconds: settings.seconds)
        try store.close()
        return result
    }
}
