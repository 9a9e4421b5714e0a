extension ObjectRemovalReport {
    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("removedCount", .integer(removedCount)),
            ("failedCount", .integer(failedCount)),
            ("firstFailure", firstFailure.map { .string($0) } ?? .null),
        ])
    }
}

extension DeletionReport {
    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("deletedCount", .integer(deletedCount)),
            ("claimedCount", .integer(claimedCount)),
            ("objects", objects.json),
        ])
    }
}
