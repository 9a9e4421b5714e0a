import Foundation

/// The store driver and other programs, as processes of their own.
enum Driver {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// The folder the test bundle was built in: the driver lies beside it.
    static let builtProducts: URL = {
        let executable = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return executable.deletingLastPathComponent()
    }()

    static let path = builtProducts.appendingPathComponent("store-driver").path

    /// A program that runs.
    ///
    /// Unchecked, because Foundation does not declare `Process` and `Pipe` sendable. All four are constants, and each is
    /// used by one task at a time: the test that started the program awaits every use on a thread aside before the next.
    struct Running: @unchecked Sendable {
        let process: Process
        let input: Pipe
        let output: Pipe
        let errors: Pipe

        /// The next line that the program prints; nil when it has ended.
        func line() async -> String? {
            await Driver.aside {
                var line: [UInt8] = []
                while let byte = output.fileHandleForReading.readData(ofLength: 1).first {
                    if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
                    line.append(byte)
                }
                return nil
            }
        }

        /// What the program prints until it ends. It waits on a thread of its own: waiting on the two or so threads
        /// that run all tests would hold those up.
        func finish() async -> Result {
            await Driver.aside {
                let output = output.fileHandleForReading.readDataToEndOfFile()
                let errors = errors.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                return Result(
                    status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
                    errors: String(decoding: errors, as: UTF8.self))
            }
        }
    }

    /// Starts a program without waiting for it.
    static func start(_ program: String, _ arguments: [String]) throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        return Running(process: process, input: input, output: output, errors: errors)
    }

    /// Runs a program to its end.
    static func run(_ program: String, _ arguments: [String]) async throws -> Result {
        try await start(program, arguments).finish()
    }

    /// Runs blocking work on a thread of its own.
    static func aside<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }
}
