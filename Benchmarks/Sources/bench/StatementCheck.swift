import CWorkload
import Foundation

/// Whether the C program still runs the library's own statements.
///
/// They are copied into `statements.c`, since a C program cannot ask a Swift library for its internal strings. This
/// reads them back out of the library's sources, so that a statement changed there cannot go unnoticed here.
struct StatementCheck {
    private let source: String

    init(root: String) throws {
        let folder = root + "/Sources/ArtifactStore/Repository"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
        let text = try names.sorted().map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }.joined()
        // A backslash at the end of a line joins it with the next.
        // Twice: the texts that are put in have others in them.
        source = Self.substituted(Self.substituted(text.replacing(/\\\n\s*/, with: "")))
    }

    func report(to report: Report) {
        let names: [(String, workload_statement)] = [
            ("select by key", workload_select_by_key), ("insert artifact", workload_insert_artifact),
            ("insert part", workload_insert_part), ("finish", workload_finish), ("select run", workload_select_run),
            ("select parts", workload_select_parts),
        ]
        let different = names.filter { !source.contains(Workload.sql($0.1)) }
        if !different.isEmpty { report.statementsDiffer(different.map(\.0)) }
    }

    /// Puts the text of named strings where they are interpolated: `\(ArtifactRow.columns)` and the like.
    private static func substituted(_ text: String) -> String {
        var texts: [String: String] = [:]
        for match in text.matches(of: /static let (\w+) = """\n\s*([^"]*?)\n\s*"""/) {
            texts[String(match.1)] = String(match.2)
        }
        for match in text.matches(of: /static let (\w+) = "([^"\n]+)"/) { texts[String(match.1)] = String(match.2) }
        return text.replacing(/\\\((?:\w+\.)?(\w+)\)/) { match in texts[String(match.1)] ?? String(match.0) }
    }
}
