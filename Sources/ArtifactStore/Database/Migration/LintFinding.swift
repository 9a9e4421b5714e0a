/// What a migration must obey. The raw value is the rule's name in reports.
public enum LintRule: String, Sendable, CaseIterable {
    /// The file's name is `0002_what_it_is_about.sql`, numbered without gaps.
    case name
    /// The first line is `-- Version 2: …`.
    case header
    /// The file is UTF-8.
    case notUTF8 = "not-utf8"
    /// The file holds no NUL, where SQLite would stop reading.
    case nul
    /// Every string, quoted name, comment and statement has its end.
    case unterminated
    /// Every token is one of SQLite's, and none waits for a bound value.
    case illegalToken = "illegal-token"
    /// The transaction belongs to the runner.
    case transactionControl = "transaction-control"
    /// A migration changes no other database.
    case attach
    /// `VACUUM` cannot run in a transaction.
    case vacuum
    /// Settings of a connection belong to the program.
    case pragma
    /// Every statement changes the schema or the rows.
    case unknownStatement = "unknown-statement"
    /// Nothing is made that ends with the connection.
    case temporary
    /// Tables are STRICT.
    case strict
    /// What exists is known, not asked for.
    case ifNotExists = "if-not-exists"
    /// What destroys rows, columns, names or rules says why.
    case destructive
    /// What may fail or act differently depending on the rows says why.
    case dataDependent = "data-dependent"
    /// A marker gives a reason.
    case markerWithoutReason = "marker-without-reason"
    /// A marker stands directly above a statement that needs it.
    case needlessMarker = "needless-marker"
    /// A table is made anew in the safe order, with everything that stood on it.
    case rebuildOrder = "rebuild-order"
}

/// A place where a migration breaks a rule.
public struct LintFinding: Sendable, Equatable {
    /// The file, by the name it was given under.
    public let file: String
    /// From 1.
    public let line: Int
    /// From 1, in characters.
    public let column: Int
    public let rule: LintRule
    /// What is the matter there.
    public let message: String
    /// What to do.
    public let hint: String
}

extension LintFinding: CustomStringConvertible {
    /// Such as `0004_x.sql:3:1: vacuum: VACUUM cannot run in a transaction`.
    public var description: String {
        "\(file):\(line):\(column): \(rule.rawValue): \(message)"
    }
}
