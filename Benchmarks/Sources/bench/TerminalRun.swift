import Foundation

/// A program that ran to its end with its standard error at a terminal: what it took, and what it showed meanwhile.
struct TerminalRun {
    struct Update {
        let moment: Double
        let text: String
    }

    /// A stretch of updates about one thing.
    struct Phase {
        let name: String
        let start: Double
        var end: Double
        var updates = 1
        var longestSilence = 0.0
    }

    let seconds: Double
    /// The most memory that it had at once: `ru_maxrss`, mapped files included.
    let peakMiB: Double
    let updates: [Update]

    /// - Parameter output: The file for its standard output.
    /// - Throws: ``BenchError`` when it cannot be started or fails.
    init(_ words: [String], output: String, environment: [String: String] = [:]) throws {
        let lines = try CBaseline.run(["at-terminal", output] + words, environment: environment).split(separator: "\n")
        let result = (lines.last ?? "").split(separator: " ").compactMap { Double($0) }
        updates = lines.dropLast().compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return Double(parts[0]).map { Update(moment: $0, text: parts.count > 1 ? String(parts[1]) : "") }
        }
        guard result.count == 3, result[2] == 0 else {
            throw BenchError("\(words.joined(separator: " ")) failed: \(updates.map(\.text).joined(separator: "\n"))")
        }
        (seconds, peakMiB) = (result[0], result[1] / 1024)
    }

    /// The phases in their order. The silence before an update belongs to the phase before; the first second, in which
    /// nothing is shown, to none; and the last phase lasts until the program ended.
    var phases: [Phase] {
        var phases: [Phase] = []
        var last = 1.0
        for update in updates {
            let name = Self.name(update.text)
            if var current = phases.popLast() {
                current.end = update.moment
                current.longestSilence = max(current.longestSilence, update.moment - last)
                if current.name == name { current.updates += 1 }
                phases.append(current)
                if current.name != name { phases.append(Phase(name: name, start: update.moment, end: update.moment)) }
            } else {
                phases = [
                    Phase(name: name, start: 0, end: update.moment, longestSilence: max(0, update.moment - last))
                ]
            }
            last = update.moment
        }
        if var current = phases.popLast() {
            current.end = seconds
            current.longestSilence = max(current.longestSilence, seconds - last)
            phases.append(current)
        }
        return phases
    }

    /// An update without its numbers: `12 s: 0003_….sql: statement 5 of 40` is about `0003_….sql`.
    private static func name(_ text: String) -> String {
        let subject = text.split(separator: " s: ", maxSplits: 1).last ?? ""
        let name = subject.split(separator: ": statement", maxSplits: 1).first ?? ""
        return String(name.replacing(/\b[0-9]+\b/, with: "#"))
    }
}
