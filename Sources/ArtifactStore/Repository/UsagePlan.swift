/// How usage is summed without reading each artifact: whole days from `usageByDay`, what a filter's times leave over of
/// the days at both ends from its artifacts, and the pending artifacts, which `usageByDay` does not hold, from theirs.
struct UsagePlan {
    /// Selects the whole days.
    private(set) var sql: String
    private let days: Range<Int64>
    private var texts: [String] = []
    /// The parts of days at both ends, of which only terminal artifacts count.
    let edges: [ArtifactFilter]
    /// Nil when the filter holds for no pending artifact.
    let pending: ArtifactFilter?

    private static let day: Int64 = 86_400_000

    /// Nil when sums by day do not answer the filter: it has a condition that they were not made for, asks for pending
    /// artifacts, for runs, or for no whole day.
    init?(_ filter: ArtifactFilter, by grouping: UsageGrouping) {
        let known = ArtifactFilter(
            status: filter.status, model: filter.model, provider: filter.provider, failureType: filter.failureType,
            skillVersion: filter.skillVersion, promptVersion: filter.promptVersion,
            templateVersion: filter.templateVersion, since: filter.since, until: filter.until)
        guard filter == known, filter.status != .pending,
            let columns = UsageEntry.columnsOfDay(by: grouping)
        else { return nil }
        let since = filter.since?.milliseconds ?? 0
        let until = filter.until?.milliseconds ?? Timestamp.latest.milliseconds + 1
        let first = (since + Self.day - 1) / Self.day
        let end = until / Self.day
        guard first < end else { return nil }
        days = first..<end
        var before = filter
        var behind = filter
        (before.until, behind.since) = (
            Timestamp(clamping: first * Self.day), Timestamp(clamping: end * Self.day)
        )
        edges = (since < first * Self.day ? [before] : []) + (end * Self.day < until ? [behind] : [])
        var waiting = filter
        waiting.status = .pending
        pending = filter.status == nil ? waiting : nil

        sql = "SELECT \(columns) FROM usageByDay WHERE day >= ? AND day < ? AND artifactCount <> 0"
        let equalities = [
            ("status", filter.status?.rawValue), ("provider", filter.provider),
            ("failureType", filter.failureType?.rawValue), ("skillVersion", filter.skillVersion),
            ("promptVersion", filter.promptVersion), ("templateVersion", filter.templateVersion),
        ]
        for case (let column, let text?) in equalities {
            sql += " AND \(column) = ?"
            texts.append(text)
        }
        if let model = filter.model {
            sql += " AND (requestedModel = ? OR underlyingImageModel = ?)"
            texts += [model, model]
        }
        // There the empty text stands for an absent one; no artifact has it.
        if texts.contains("") { return nil }
    }

    func bind(to arguments: inout PreparedStatement.Arguments) {
        arguments.bind(days.lowerBound)
        arguments.bind(days.upperBound)
        for text in texts { arguments.bind(text) }
    }
}
