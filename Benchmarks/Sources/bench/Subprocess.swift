import Foundation

/// A child process and its standard output.
///
/// `posix_spawn` and `waitpid`, not Foundation's `Process`: that one notices the end of a child with a delay of its
/// own, which would drown the few milliseconds that the command-line comparison is about.
enum Subprocess {
    /// Runs a program to its end; its standard error stays this program's.
    ///
    /// - Throws: ``BenchError`` when it cannot be started or fails.
    static func run(_ words: [String], environment: [String: String] = [:]) throws -> (output: String, seconds: Double)
    {
        var ends: [Int32] = [0, 0]
        guard let program = words.first, pipe(&ends) == 0 else { throw BenchError("no program, or no pipe") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addclose(&actions, ends[1])

        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
        let clock = ContinuousClock()
        let start = clock.now
        var child: pid_t = 0
        let code = withCStrings(words) { arguments in
            withCStrings(variables) { variables in
                posix_spawnp(&child, program, &actions, nil, arguments, variables)
            }
        }
        close(ends[1])
        defer { close(ends[0]) }
        guard code == 0 else { throw BenchError("cannot run \(program): \(String(cString: strerror(code)))") }
        let output = readToEnd(ends[0])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw BenchError("\(words.joined(separator: " ")) failed with status \(status)") }
        return (output, (clock.now - start).inSeconds)
    }

    private static func readToEnd(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
