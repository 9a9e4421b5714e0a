/// The command beside the `sqlite3` shell, whole processes, on a large store.
enum ShowComparison {
    private static let name = "artifacts show, time / sqlite3 shell"
    private static let pairs = 30

    static func run(_ settings: Settings, _ report: Report) async throws {
        guard let command = settings.command else {
            report.leftOut(name, because: "there is no release build of the command")
            return
        }
        let count = settings.isQuick ? 1000 : 1_000_000
        report.section("artifacts show, on a store of \(count) artifacts")
        let filled = try await FilledStore.make(settings, count: count, keep: !settings.isQuick)
        var shell = Samples(), ours = Samples(), ratio = Samples()
        for pair in 0..<pairs {
            let id = filled.artifactId(pair * 7919 % filled.count).text
            let query = "SELECT * FROM artifact WHERE artifactId = '\(id)'"
            let baseline = try Subprocess.run(["sqlite3", "-readonly", filled.path, query])
            let measured = try Subprocess.run([command, "show", id], environment: ["ARTIFACTS_DATABASE": filled.path])
            guard baseline.output.contains(id), measured.output.contains(id) else {
                throw BenchError("\(id) is not shown")
            }
            shell.add(baseline.seconds)
            ours.add(measured.seconds)
            ratio.add(measured.seconds / baseline.seconds)
        }
        report.note("sqlite3 \(short(shell.median * 1000)) ms, artifacts show \(short(ours.median * 1000)) ms")
        report.result(name, ratio, .atMost(4))
    }
}
