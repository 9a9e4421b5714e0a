import Foundation

/// The hand-written C program, which lies beside this one.
enum CBaseline {
    static func lifecycle(_ settings: Settings, group: Int) throws -> Throughput {
        let file = try settings.freshFile("c.sqlite")
        return try throughput(["lifecycle", file, settings.migrations, "\(settings.seconds)", "\(group)"])
    }

    static func runDetail(_ settings: Settings, file: String, runs: Int) throws -> Throughput {
        try throughput(["run-detail", file, "\(runs)", "\(settings.seconds)"])
    }

    static func fill(_ settings: Settings, file: String, count: Int) throws {
        _ = try words(["fill", file, settings.migrations, "\(count)"])
    }

    static func words(_ arguments: [String]) throws -> [String] {
        try run(arguments).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// What it prints.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
        let program = (CommandLine.arguments[0] as NSString).deletingLastPathComponent + "/c-baseline"
        return try Subprocess.run([program] + arguments, environment: environment).output
    }

    static func numbers(_ arguments: [String]) throws -> [Double] {
        try words(arguments).compactMap { Double($0) }
    }

    private static func throughput(_ arguments: [String]) throws -> Throughput {
        let numbers = try numbers(arguments)
        guard numbers.count == 2 else { throw BenchError("c-baseline printed no result for \(arguments)") }
        return Throughput(count: Int(numbers[0]), seconds: numbers[1])
    }
}
