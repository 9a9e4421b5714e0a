extension UsageGroup {
    /// The group as one JSON object: the key's own fields, as far as they are known, `counts` and `usage`.
    public var json: JSONValue {
        let names: [(String, JSONValue?)] = key.fields.map { ($0.0, .optional($0.1)) }
        return .object(fields: names + [("counts", counts.json), ("usage", usage.json)])
    }
}

extension UsageSummary {
    /// The summary as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("groups", .array(groups.map(\.json))), ("counts", counts.json), ("usage", usage.json),
        ])
    }
}

extension FailureGroup {
    /// The group as one JSON object.
    ///
    /// - Parameter grouping: Names the key's field.
    public func json(by grouping: FailureGrouping) -> JSONValue {
        var fields: [(String, JSONValue?)] = [("type", .string(type.rawValue))]
        if grouping != .type { fields.insert((grouping.rawValue, .optional(key)), at: 0) }
        return .object(
            fields: fields + [
                ("count", .integer(count)),
                ("retryableCount", .integer(retryableCount)),
                ("lastFailedAt", .string(lastFailedAt.description)),
                ("lastArtifactId", .string(lastArtifactId.text)),
                ("lastMessage", .string(lastFailure.message)),
                ("recoveryGuidance", .string(lastFailure.recoveryGuidance)),
                ("action", .string(lastFailure.action.rawValue)),
            ])
    }
}
