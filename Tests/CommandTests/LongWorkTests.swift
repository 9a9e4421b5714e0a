import ArtifactStoreTesting
import Foundation
import Testing

private enum SlowDisk {
    static let strace = "/usr/bin/strace"
    static let isThere = FileManager.default.isExecutableFile(atPath: strace)

    /// What strace is told: every read takes some milliseconds longer.
    static func options(_ further: [String] = [], milliseconds: Int = 5) -> [String] {
        ["-f", "-qq", "-o", "/dev/null", "-e", "trace=pread64,pwrite64,fsync,fdatasync"]
            + ["-e", "inject=pread64:delay_exit=\(milliseconds * 1000)"] + further
    }
}

/// What a person sees of work that takes longer than a second, and what stays when it is stopped: on a slow disk that
/// strace makes.
@Suite("Long work", .enabled(if: SlowDisk.isThere, "strace is not installed"))
struct LongWorkTests {
    /// A folder with a store of version 1, a current one, a backup of it, and an export.
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("ArtifactStoreTests/Fixtures")
        for (version, name) in [(1, "old.sqlite"), (5, "new.sqlite")] {
            try FileManager.default.copyItem(
                at: fixtures.appendingPathComponent("version-\(version).sqlite"),
                to: URL(fileURLWithPath: folder.path(of: name)))
        }
        try FileManager.default.createDirectory(atPath: folder.path(of: "tmp"), withIntermediateDirectories: false)
        let made = try await Command.shell(
            """
            artifacts backup backup.sqlite --database new.sqlite && artifacts export export --database new.sqlite &&
            artifacts init --database empty.sqlite
            """, in: folder.path)
        try #require(made.status == 0, "\(made.errors)")
    }

    @Test(
        "An error in the middle of it has a line of its own",
        arguments: [
            ("backup second.sqlite --database new.sqlite", "fsync:error=EIO:when=1+"),
            ("restore backup.sqlite --database third.sqlite", "fsync:error=EIO:when=1+"),
            ("migrate plan --database old.sqlite", "pwrite64:error=ENOSPC:when=450+"),
            ("migrate up --database old.sqlite", "fsync:error=EIO:when=1+"),
            ("export second --database new.sqlite", "fsync:error=EIO:when=1+"),
            ("import export --database empty.sqlite", "fdatasync:error=EIO:when=1+"),
        ])
    func errors(command: String, failure: String) async throws {
        let arguments = command.split(separator: " ").map { word in
            word.contains(".sqlite") || word == "second" || word == "export" && !command.hasPrefix("export ")
                ? folder.path(of: String(word)) : String(word)
        }
        let shown = try await PseudoTerminal.run(
            SlowDisk.options(["-e", "inject=\(failure)"]) + [Command.path] + arguments, of: SlowDisk.strace,
            columns: 80,
            environment: ["TMPDIR": folder.path(of: "tmp")])
        #expect(shown.status != 0)
        let parts = shown.output.components(separatedBy: "\r\u{1B}[K")
        #expect(parts.count > 2, "no progress was shown: \(shown.output)")
        #expect(parts.last?.hasPrefix("error: ") == true, "\(shown.output)")
    }

    @Test(
        "A plan that is stopped leaves nothing of its copy, and ends by the signal",
        arguments: [SIGINT, SIGTERM, SIGHUP], ["rehearsal.sqlite.new", "-wal"])
    func stopped(signal: Int32, file: String) async throws {
        let temporary = folder.path(of: "tmp")
        // With -D, the process that is started is the command itself.
        let running = try Command.start(
            SlowDisk.strace,
            ["-D"] + SlowDisk.options(milliseconds: 20)
                + [Command.path, "migrate", "plan", "--database", folder.path(of: "old.sqlite")],
            environment: ["TMPDIR": temporary])
        let deadline = ContinuousClock.now + .seconds(60)
        func files() -> [String] { FileManager.default.subpaths(atPath: temporary) ?? [] }
        while !files().contains(where: { $0.contains("rehearsal") && $0.contains(file) }) {
            try #require(running.process.isRunning && ContinuousClock.now < deadline)
            await Task.yield()
        }
        kill(running.process.processIdentifier, signal)
        let result = try await running.finish()
        #expect(running.process.terminationReason == .uncaughtSignal && result.status == signal)
        // strace has remarks of its own.
        #expect(result.output.isEmpty && !result.errors.contains("error:"), "\(result.errors)")
        #expect(files() == [])
    }

    @Test("A signal that was ignored before stays ignored: a plan under nohup goes on")
    func ignored() async throws {
        let temporary = folder.path(of: "tmp")
        let running = try Command.start(
            "/bin/bash",
            [
                "-c", "trap '' HUP; exec \"$@\"", "bash", SlowDisk.strace, "-D",
            ] + SlowDisk.options()
                + [Command.path, "migrate", "plan", "--database", folder.path(of: "old.sqlite")],
            environment: ["TMPDIR": temporary])
        while (FileManager.default.subpaths(atPath: temporary) ?? []).isEmpty {
            try #require(running.process.isRunning)
            await Task.yield()
        }
        kill(running.process.processIdentifier, SIGHUP)
        let result = try await running.finish()
        #expect(result.status == 0 && result.output.contains("Nothing was changed"))
        #expect(FileManager.default.subpaths(atPath: temporary) == [])
    }
}
