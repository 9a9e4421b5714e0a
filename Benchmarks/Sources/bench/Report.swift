import Foundation

/// Prints lines as they come, and keeps the promises for the table at the end.
final class Report {
    enum Promise {
        case atLeast(Double)
        case atMost(Double)

        func isKept(by value: Double) -> Bool {
            switch self {
            case .atLeast(let bound): value >= bound
            case .atMost(let bound): value <= bound
            }
        }

        var text: String {
            switch self {
            case .atLeast(let bound): "at least \(short(bound))"
            case .atMost(let bound): "at most \(short(bound))"
            }
        }
    }

    private struct Line {
        let name: String
        let target: String
        let measured: String
        let verdict: String
    }

    private var lines: [Line] = []
    private var isLike = true

    func heading(_ settings: Settings) {
        print("# swift-artifact-store benchmarks")
        print("")
        print("files in \(settings.folder); \(settings.rounds) rounds of \(short(settings.seconds)) s each")
        if let version = try? CBaseline.words(["version"]).first { print("libsqlite3 \(version)") }
        let file = settings.folder + "/sync"
        if let times = try? CBaseline.numbers(["sync", file, "300"]), times.count == 3 {
            print(
                "fdatasync behind a 4 KiB write: median \(micros(times[0])) us"
                    + " (10th to 90th percentile \(micros(times[1]))–\(micros(times[2])) us)")
        }
    }

    func section(_ title: String) {
        print("\n## \(title)\n")
    }

    func note(_ text: String) {
        print(text)
    }

    /// A line that the table at the end repeats.
    func result(_ name: String, _ samples: Samples, _ promise: Promise) {
        let isKept = promise.isKept(by: samples.median)
        let measured = "\(short(samples.median)) (\(short(samples.least))–\(short(samples.most)))"
        let line = Line(
            name: name, target: promise.text, measured: measured, verdict: isKept ? "met" : "MISSED")
        lines.append(line)
        print("\(name): \(measured), \(promise.text): \(line.verdict)")
    }

    /// A promise that could not be measured, and why.
    func leftOut(_ name: String, because reason: String) {
        lines.append(Line(name: name, target: "", measured: "not measured", verdict: reason))
        print("\(name): not measured: \(reason)")
    }

    func statementsDiffer(_ names: [String]) {
        isLike = false
        print(
            "\nNOT LIKE FOR LIKE: the C program's statements differ from the library's: \(names.joined(separator: ", "))"
        )
    }

    func summary() {
        section("Summary: median (least–most) of the rounds' ratios")
        let rows = [("", "target", "measured", "")] + lines.map { ($0.name, $0.target, $0.measured, $0.verdict) }
        let widths = [rows.map(\.0.count), rows.map(\.1.count), rows.map(\.2.count)].map { $0.max() ?? 0 }
        for row in rows {
            print(
                "| \(padded(row.0, widths[0])) | \(padded(row.1, widths[1])) | \(padded(row.2, widths[2])) | \(row.3) |"
            )
            if row.1 == "target" {
                print("|\(widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|"))|---|")
            }
        }
        if !isLike { print("\nNOT LIKE FOR LIKE: see the top.") }
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// A number with three significant digits or so.
func short(_ value: Double) -> String {
    let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
    return String(format: "%.\(digits)f", value)
}

/// Seconds as microseconds.
func micros(_ seconds: Double) -> String {
    short(seconds * 1e6)
}
