extension IndexReport: Encodable {
    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("searchWasInStep", .bool(searchWasInStep)),
            ("usageWasInStep", .bool(usageWasInStep)),
        ])
    }

    /// Writes ``json``.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}
