import ArtifactStore
import Foundation

/// The built `artifacts` command, run as a process of its own.
enum Command {
    struct Result: Sendable {
        let status: Int32
        let bytes: Data
        let errors: String

        var output: String { String(decoding: bytes, as: UTF8.self) }
        var lines: [String] { output.split(whereSeparator: \.isNewline).map(String.init) }

        /// Standard output as one JSON document.
        func json() throws -> JSONValue {
            try JSONParser.parse(bytes)
        }

        /// Standard output as one JSON document a line.
        func jsonLines() throws -> [JSONValue] {
            try lines.map { try JSONParser.parse($0) }
        }
    }

    /// The folder the test bundle was built in: the command lies beside it.
    static let builtProducts = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent()

    static let path = builtProducts.appendingPathComponent("artifacts").path

    /// What every process gets, and nothing of what the tests were started with.
    static func environment(_ changes: [String: String] = [:]) -> [String: String] {
        let usual = ["PATH": "\(builtProducts.path):/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        return usual.merging(changes) { $1 }
    }

    /// Runs the command to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Result {
        try await start(path, arguments, environment: environment).finish()
    }

    /// Runs a shell script to its end; it finds `artifacts` in its path.
    static func shell(
        _ script: String, environment: [String: String] = [:], in folder: String? = nil
    ) async throws -> Result {
        try await start("/bin/bash", ["-c", script], environment: environment, in: folder).finish()
    }

    /// Starts a program without waiting for it.
    static func start(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
    ) throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = Self.environment(environment)
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        return Running(process: process, input: input, output: output, errors: errors)
    }

    /// A program that runs.
    ///
    /// Unchecked, because Foundation does not declare `Process` and `Pipe` sendable. All four are constants, and each is
    /// used by one task at a time: the test that started the program awaits every use on a thread aside before the next.
    struct Running: @unchecked Sendable {
        let process: Process
        let input: Pipe
        let output: Pipe
        let errors: Pipe

        /// What the program prints until it ends. Nothing more is typed to it.
        func finish() async throws -> Result {
            try input.fileHandleForWriting.close()
            async let bytes = Command.aside { output.fileHandleForReading.readDataToEndOfFile() }
            async let complaints = Command.aside { errors.fileHandleForReading.readDataToEndOfFile() }
            let printed = await (output: bytes, errors: String(decoding: complaints, as: UTF8.self))
            await Command.aside { process.waitUntilExit() }
            return Result(status: process.terminationStatus, bytes: printed.output, errors: printed.errors)
        }

        /// The next lines it prints, at most so many; fewer when they do not come within a minute.
        func lines(_ count: Int) async -> [String] {
            await Command.aside {
                let descriptor = output.fileHandleForReading.fileDescriptor
                var text = Data()
                let deadline = ContinuousClock.now + .seconds(60)
                // Byte by byte, so that nothing behind the last line is taken.
                while text.count(where: { $0 == UInt8(ascii: "\n") }) < count, ContinuousClock.now < deadline {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    guard poll(&waiting, 1, 100) > 0 else { continue }
                    var byte: UInt8 = 0
                    guard read(descriptor, &byte, 1) == 1 else { break }
                    text.append(byte)
                }
                return String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
            }
        }

        /// Kills the program and all it started, as a power switch does. It must lead a process group of its own.
        ///
        /// - Returns: The lines it had printed.
        func killGroup() async -> [String] {
            kill(-process.processIdentifier, SIGKILL)
            return (try? await finish().lines) ?? []
        }

        /// Ends the program as an operator's Control-C does.
        func interrupt() async {
            kill(process.processIdentifier, SIGINT)
            await Command.aside { process.waitUntilExit() }
        }
    }

    /// Runs blocking work on a thread of its own: waiting on the few that run all tests would hold those up.
    static func aside<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }
}
