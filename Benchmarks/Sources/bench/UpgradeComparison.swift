import Foundation
import GRDB

/// `artifacts migrate` on stores of schema version 1: its memory must not grow with the store, it must tell all the time
/// how far it is, and its time is set beside the same work without checks and without Swift.
enum UpgradeComparison {
    /// A peak has this share above the one of a store ten times smaller: caches are full in both.
    private static let peakBound = 1.5
    private static let silenceBound = 1.0

    private struct Result {
        let plan: TerminalRun
        let up: TerminalRun
        /// `cp` of the store, then the migrations in the `sqlite3` shell, with the checks of the pages and the keys.
        let copy: TerminalRun
        let shell: TerminalRun

        var limit: Double { copy.seconds + shell.seconds }
    }

    static func run(_ settings: Settings, _ report: Report) async throws {
        guard let command = settings.command else {
            report.leftOut("upgrade of a store of version 1", because: "there is no release build of the command")
            return
        }
        let count = settings.upgradedArtifacts
        let small = try measure(settings, report, command, count: count / 10)
        let large = try measure(settings, report, command, count: count)
        report.section("Upgrade, \(count) and \(count / 10) artifacts")
        for (name, ofSmall, ofLarge) in [("plan", small.plan, large.plan), ("up", small.up, large.up)] {
            report.note("migrate \(name), peak: \(short(ofSmall.peakMiB)) MiB, \(short(ofLarge.peakMiB)) MiB")
            report.result(
                "migrate \(name), peak memory, \(count) / \(count / 10)", one(ofLarge.peakMiB / ofSmall.peakMiB),
                .atMost(peakBound))
        }
        for (name, run) in [("plan", large.plan), ("up", large.up)] {
            report.result("migrate \(name), longest silence, s", one(silence(run)), .atMost(silenceBound))
            report.result("migrate \(name), time / cp and sqlite3 shell", one(run.seconds / large.limit), .atMost(3))
        }
        report.note("peak of the sqlite3 shell: \(short(small.shell.peakMiB)) MiB, \(short(large.shell.peakMiB)) MiB")
    }

    private static func one(_ value: Double) -> Samples {
        var samples = Samples()
        samples.add(value)
        return samples
    }

    private static func silence(_ run: TerminalRun) -> Double {
        run.phases.map(\.longestSilence).max() ?? run.seconds
    }

    private static func measure(
        _ settings: Settings, _ report: Report, _ command: String, count: Int
    ) throws -> Result {
        report.section("artifacts migrate, from version 1, \(count) artifacts")
        let folder = settings.folder + "/upgrade"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (store, copy) = (folder + "/store.sqlite", folder + "/copy.sqlite")
        let clock = ContinuousClock()
        let making = try clock.measure { try VersionOneStore.make(settings, at: store, count: count) }
        report.note("the store has \(mebibytes(store)) MiB; made in \(short(making.inSeconds)) s")

        // Temporary files lie beside the store, so that everything is on one file system.
        let environment = ["TMPDIR": folder, "COLUMNS": "400"]
        let run = { words in try TerminalRun(words, output: folder + "/output", environment: environment) }
        let plan = try run([command, "migrate", "plan", "--database", store])
        show(plan, "artifacts migrate plan", folder, report)
        let copying = try run(["sh", "-c", "cp \"$0\" \"$1\" && sync \"$1\"", store, copy])
        show(copying, "cp and sync", folder, report)
        let script = folder + "/limit.sql"
        try limit(settings).write(toFile: script, atomically: true, encoding: .utf8)
        let shell = try run(["sqlite3", "-batch", "-bail", copy, ".read '\(script)'"])
        show(shell, "the same SQL in the sqlite3 shell", folder, report)
        try requireUpgraded(copy, count: count)
        try FileManager.default.removeItem(atPath: copy)
        let up = try run([command, "migrate", "up", "--database", store])
        show(up, "artifacts migrate up", folder, report)
        try requireUpgraded(store, count: count)
        return Result(plan: plan, up: up, copy: copying, shell: shell)
    }

    private static func show(_ run: TerminalRun, _ name: String, _ folder: String, _ report: Report) {
        let phases = run.phases
        let progress =
            phases.isEmpty
            ? ""
            : ", \(run.updates.count) updates of \(Set(phases.map(\.name)).count) phases,"
                + " longest silence \(short(silence(run))) s"
        report.note("\(name): \(short(run.seconds)) s, peak \(short(run.peakMiB)) MiB\(progress)")
        for phase in phases {
            let subject = phase.name.replacing(folder + "/", with: "")
            report.note(
                "    \(subject): \(short(phase.end - phase.start)) s, \(phase.updates) updates,"
                    + " longest silence \(short(phase.longestSilence)) s")
        }
    }

    /// The pending migrations in one transaction, with the library's cache and its two checks of the result.
    private static func limit(_ settings: Settings) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: settings.migrations)
        let pending = names.filter { $0.hasSuffix(".sql") && $0.first?.isNumber == true }.sorted().dropFirst()
        let reads = pending.map { ".read '\(settings.migrations)/\($0)'" }.joined(separator: "\n")
        return """
            PRAGMA foreign_keys = OFF; PRAGMA cache_size = -32768; PRAGMA synchronous = FULL;
            BEGIN IMMEDIATE;
            \(reads)
            PRAGMA user_version = \(pending.count + 1);
            PRAGMA foreign_key_check;
            PRAGMA integrity_check(1);
            COMMIT;

            """
    }

    private static func requireUpgraded(_ path: String, count: Int) throws {
        let queue = try DatabaseQueue(path: path)
        let found = try queue.read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT user_version, (SELECT count(*) FROM artifact),
                        (SELECT sum(cacheWriteInputTokens) + sum(cachedInputTextTokens) FROM artifact)
                    FROM pragma_user_version
                    """)
        }
        guard let found, found[0] as Int > 1, found[1] as Int == count, (found[2] as Int? ?? 0) > 0 else {
            throw BenchError("\(path) is not upgraded")
        }
    }

    private static func mebibytes(_ path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) >> 20 : 0
    }
}
