internal import Foundation

/// What a migration promises about the rows beyond the rule that holds for all: no row and no value of a column that
/// stays may change.
///
/// Written beside the migration, in `migrations/verification/`: queries, each under a comment that says what must be
/// true of their rows, and the columns that the migration changes on purpose.
struct MigrationVerification: Sendable, Equatable {
    enum Rule: String, Sendable, CaseIterable {
        /// The query has the same rows before and after the migration.
        case same
        /// The query has no rows after the migration.
        case none
    }

    struct Query: Sendable, Equatable {
        let rule: Rule
        /// What the query is about, in words.
        let what: String
        let sql: String
    }

    var queries: [Query] = []
    /// `table.column` of what the migration changes, or `table` when it adds or removes rows there.
    var changes: Set<String> = []

    /// Reads a verification file.
    ///
    /// - Throws: ``StoreError`` `schemaMismatch` for SQL without a rule above it, or a change without a reason.
    init(_ text: String, file: String) throws(StoreError) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            let word = parts.first.flatMap { $0.hasPrefix("-- ") ? $0.dropFirst(3) : nil }
            if let rule = word.flatMap({ Rule(rawValue: String($0)) }), parts.count == 2 {
                queries.append(Query(rule: rule, what: parts[1], sql: ""))
            } else if word == "changes", parts.count == 2 {
                changes.insert(try Self.change(parts[1], file))
            } else if !line.hasPrefix("--"), !line.allSatisfy(\.isWhitespace) {
                guard let query = queries.popLast() else {
                    throw Self.unreadable(file, "has SQL before its first rule: \(line)")
                }
                queries.append(Query(rule: query.rule, what: query.what, sql: query.sql + line + "\n"))
            }
        }
    }

    init() {}

    /// `artifact.prompt: reason`.
    private static func change(_ text: String, _ file: String) throws(StoreError) -> String {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[1].contains(where: \.isLetter) else {
            throw unreadable(file, "gives no reason for the change of \(text)")
        }
        return parts[0].trimmingCharacters(in: .whitespaces)
    }

    private static func unreadable(_ file: String, _ reason: String) -> StoreError {
        StoreError(
            .schemaMismatch, "the verification of \(file) \(reason)",
            hint: "Write it as migrations/README.md says, and build again.")
    }
}
