extension StoreStatistics: Encodable {
    /// The statistics as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("counts", counts.json),
            (
                "failures",
                .object(failures.map { JSONValue.Member($0.type.rawValue, .integer($0.count)) })
            ),
            ("expiredClaims", .integer(expiredClaims)),
            ("waitingRemovals", .integer(waitingRemovals)),
            ("firstCreatedAt", firstCreatedAt.map { .string($0.description) } ?? .null),
            ("lastCreatedAt", lastCreatedAt.map { .string($0.description) } ?? .null),
            ("lastEventSequence", .integer(lastEventSequence)),
            ("schemaVersion", .integer(schemaVersion)),
            ("databaseBytes", .integer(databaseBytes)),
        ])
    }

    /// Writes ``json``.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}
