/// The SQL of a list: a walk along one index in the order of sequences, with every other condition checked on the way.
///
/// One condition drives: it names the index, whose entries SQLite keeps in the order of sequences, so that nothing is
/// sorted. The others are written with a unary plus, which keeps the planner from using theirs. Which one drives is
/// decided by how few artifacts it usually leaves: a run, then `pending`, a version, a failure type, `failed`, a model,
/// a provider, and last `completed`.
struct ListQuery {
    enum Argument: Equatable {
        case text(String)
        case number(Int64)

        func bind(to bound: inout PreparedStatement.Arguments) {
            switch self {
            case .text(let text): bound.bind(text)
            case .number(let number): bound.bind(number)
            }
        }
    }

    private(set) var sql = ""
    private(set) var arguments: [Argument] = []

    private struct Condition {
        let column: String
        let value: String
        let rank: Int
    }

    private struct Walk {
        let filter: ArtifactFilter
        let order: ArtifactOrder
        let start: Int64?
    }

    private let columns: String

    /// - Parameter filter: Its search is not looked at: ``PromptMatches`` is for those.
    /// - Parameter order: By creation.
    /// - Parameter start: The sequence behind which to begin.
    /// - Parameter limit: At most this many rows.
    /// - Parameter columns: What is selected; `sequence` is the first.
    init(
        _ filter: ArtifactFilter, _ order: ArtifactOrder, after start: Int64?, limit: Int,
        columns: String = ArtifactRow.columns
    ) {
        self.columns = columns
        let conditions = Self.conditions(filter).sorted { $0.rank < $1.rank }
        let walk = Walk(filter: filter, order: order, start: start)
        if let model = filter.model, (conditions.first?.rank ?? .max) > Self.modelRank {
            // Two indexes, two walks; SQLite merges them without sorting.
            sql = select(walk, "requestedModel = ?", [.text(model)], checking: conditions)
            sql += " UNION ALL "
            sql += select(
                walk, "underlyingImageModel = ? AND +requestedModel <> ?", [.text(model), .text(model)],
                checking: conditions)
        } else if let driver = conditions.first {
            var clause = "\(driver.column) = ?"
            var values = [Argument.text(driver.value)]
            if let model = filter.model {
                clause += " AND \(Self.eitherModel)"
                values += [.text(model), .text(model)]
            }
            sql = select(walk, clause, values, checking: Array(conditions.dropFirst()))
        } else {
            sql = select(walk, nil, [], checking: [])
        }
        sql += " ORDER BY sequence \(order == .newestFirst ? "DESC" : "ASC") LIMIT ?"
        arguments.append(.number(Int64(limit)))
    }

    func bind(to bound: inout PreparedStatement.Arguments) {
        for argument in arguments { argument.bind(to: &bound) }
    }

    private static let modelRank = 5

    private static func conditions(_ filter: ArtifactFilter) -> [Condition] {
        let candidates: [(String, String?, Int)] = [
            ("parentRunId", filter.parentRunId, 0),
            ("status", filter.status?.rawValue, filter.status == .pending ? 1 : filter.status == .failed ? 4 : 7),
            ("skillVersion", filter.skillVersion, 2),
            ("promptVersion", filter.promptVersion, 2),
            ("templateVersion", filter.templateVersion, 2),
            ("failureType", filter.failureType?.rawValue, 3),
            ("provider", filter.provider, 6),
        ]
        return candidates.compactMap { column, value, rank in
            value.map { Condition(column: column, value: $0, rank: rank) }
        }
    }

    private mutating func select(
        _ walk: Walk, _ driver: String?, _ driverArguments: [Argument], checking conditions: [Condition]
    ) -> String {
        var clauses = driver.map { [$0] } ?? []
        arguments += driverArguments
        for condition in conditions {
            clauses.append("+\(condition.column) = ?")
            arguments.append(.text(condition.value))
        }
        addTimeRange(walk.filter, to: &clauses)
        clauses.append(walk.order == .newestFirst ? "sequence < ?" : "sequence > ?")
        arguments.append(.number(walk.start ?? (walk.order == .newestFirst ? .max : 0)))
        return "SELECT \(columns) FROM artifact WHERE \(clauses.joined(separator: " AND "))"
    }

    /// Bounds the walk by the sequences of the hours in question, then checks the time itself.
    private mutating func addTimeRange(_ filter: ArtifactFilter, to clauses: inout [String]) {
        guard filter.since != nil || filter.until != nil else { return }
        let hours = Self.hours(filter)
        for (comparison, column) in [(">=", "min(firstSequence)"), ("<=", "max(lastSequence)")] {
            clauses.append(
                "sequence \(comparison) (SELECT \(column) FROM artifactHour WHERE hour BETWEEN ? AND ?)")
            arguments += [.number(hours.lowerBound), .number(hours.upperBound)]
        }
        clauses.append(Self.inTime)
        arguments += Self.times(filter)
    }
}

// MARK: - Conditions of one artifact

extension ListQuery {
    private static let eitherModel = "(+requestedModel = ? OR +underlyingImageModel = ?)"
    private static let inTime = "+createdAt >= ? AND +createdAt < ?"

    /// The least and the greatest sequence created in a range of hours.
    static let selectBounds =
        "SELECT min(firstSequence), max(lastSequence) FROM artifactHour WHERE hour BETWEEN ? AND ?"

    /// Whether a condition names an index.
    static func hasDriver(_ filter: ArtifactFilter) -> Bool {
        filter.model != nil || !conditions(filter).isEmpty
    }

    /// Every condition, as it is checked of one artifact whose sequence is known.
    static func checks(_ filter: ArtifactFilter) -> (clauses: [String], arguments: [Argument]) {
        let conditions = conditions(filter)
        var clauses = conditions.map { "+\($0.column) = ?" }
        var arguments = conditions.map { Argument.text($0.value) }
        if let model = filter.model {
            clauses.append(eitherModel)
            arguments += [.text(model), .text(model)]
        }
        if filter.since != nil || filter.until != nil {
            clauses.append(inTime)
            arguments += times(filter)
        }
        return (clauses, arguments)
    }

    /// The hours that a filter's times lie in.
    static func hours(_ filter: ArtifactFilter) -> ClosedRange<Int64> {
        let hour: Int64 = 3_600_000
        let since = (filter.since?.milliseconds ?? 0) / hour
        return since...max(since, (filter.until?.milliseconds ?? .max) / hour)
    }

    private static func times(_ filter: ArtifactFilter) -> [Argument] {
        [.number(filter.since?.milliseconds ?? 0), .number(filter.until?.milliseconds ?? .max)]
    }
}
