/// What one artifact adds to sums of usage, or all terminal artifacts of a day that are alike.
struct UsageEntry: Sendable {
    let key: UsageKey
    let status: ArtifactStatus
    /// Of all these artifacts together; their cost is one that was reported or the last one computed.
    let usage: Usage
    let artifactCount: Int
    /// How many of them another artifact covers.
    let includedCount: Int

    /// How many of them are terminal and have a cost that nobody knows.
    var withoutCost: Int { status == .pending || usage.cost != nil ? 0 : artifactCount - includedCount }

    /// What is read of an artifact: no more than the key and the sums need, for this is read of very many.
    ///
    /// A cost that nobody reported is the last computed one.
    static func columns(by grouping: UsageGrouping) -> String {
        let key =
            switch grouping {
            case .day: "createdAt / 86400000"
            case .model: "requestedModel"
            case .provider: "provider"
            case .run: "parentRunId"
            case .version: "skillVersion, promptVersion, templateVersion"
            }
        return """
            sequence, \(key), status, \(ArtifactRow.tokenColumns.joined(separator: ", ")), \
            \(cost("costMicros")), \(cost("costCurrency")), includedInArtifactId IS NOT NULL, 1, \
            EXISTS (SELECT 1 FROM artifact AS carrier WHERE carrier.artifactId = artifact.includedInArtifactId)
            """
    }

    /// The same of a row of `usageByDay`, which does not hold runs.
    static func columnsOfDay(by grouping: UsageGrouping) -> String? {
        let key: String
        switch grouping {
        case .day: key = "day"
        case .model: key = "requestedModel"
        case .provider: key = "nullif(provider, '')"
        case .run: return nil
        case .version: key = "nullif(skillVersion, ''), nullif(promptVersion, ''), nullif(templateVersion, '')"
        }
        return """
            0, \(key), status, \
            \(ArtifactRow.tokenColumns.map { "CASE WHEN \($0)Known <> 0 THEN \($0) END" }.joined(separator: ", ")), \
            costMicros, nullif(costCurrency, ''), 0, artifactCount, includedCount
            """
    }

    private static func cost(_ column: String) -> String {
        """
        coalesce(\(column), (SELECT computedCost.\(column) FROM computedCost \
        WHERE artifactSequence = artifact.sequence ORDER BY computation DESC LIMIT 1))
        """
    }

    init(_ row: PreparedStatement.Row, by grouping: UsageGrouping) throws {
        var columns = ArtifactRow.Columns(row)
        columns.skip(1)
        switch grouping {
        case .day: key = .day(Timestamp(clamping: columns.int64() * 86_400_000))
        case .model: key = .model(try columns.text())
        case .provider: key = .provider(try columns.optionalText())
        case .run: key = .run(try columns.text())
        case .version: key = .version(try ArtifactRow.versions(&columns))
        }
        status = try columns.required()
        var usage = Usage()
        ArtifactRow.tokens(&columns, &usage)
        let micros = columns.int64()
        if let currency = try columns.optionalText() { usage.cost = Cost(micros: micros, currency: currency) }
        // Usage that another artifact covers adds nothing, and is unknown when that one is gone.
        self.usage = columns.int64() == 0 ? usage : Usage()
        artifactCount = Int(columns.int64())
        includedCount = Int(columns.int64())
    }
}
