extension CostRecomputation {
    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("revision", .integer(revision)), ("changed", .integer(changed)), ("unchanged", .integer(unchanged)),
            ("withoutPrice", .integer(withoutPrice)),
        ])
    }
}
