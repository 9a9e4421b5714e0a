import ArtifactStore
import Foundation

/// Our lifecycle alone, for a profiler: `BENCH_ONLY=profile BENCH_CALLERS=64 perf record -g …`.
///
/// Processor time for one lifecycle is the figure to tune by where the disk's mood changes from second to second.
enum ProfileRun {
    static func run(_ settings: Settings, _ report: Report) async throws {
        let callers = ProcessInfo.processInfo.environment["BENCH_CALLERS"].flatMap { Int($0) } ?? 64
        let store = try await ArtifactStore.open(at: settings.freshFile("ours.sqlite"))
        let before = processorTime()
        let result = try await Lifecycles.ours(store, callers: callers, seconds: 3)
        let after = processorTime()
        try await store.close()
        report.note(
            "\(callers) callers: \(short(result.perSecond)) lifecycles a second,"
                + " \(micros((after - before) / Double(result.count))) us of processor time each")
    }

    /// Of all threads of this process.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
