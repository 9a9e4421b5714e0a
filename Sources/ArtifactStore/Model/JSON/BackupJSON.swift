extension BackupReport {
    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("file", .string(file)),
            ("schemaVersion", .integer(schemaVersion)),
            ("byteCount", .integer(byteCount)),
            ("tables", .rowCounts(tables)),
        ])
    }
}

extension RestoreReport {
    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("schemaVersion", .integer(schemaVersion)),
            ("tables", .rowCounts(tables)),
            ("kept", kept.map(JSONValue.string) ?? .null),
            ("replaced", .bool(kept != nil)),
        ])
    }
}

extension JSONValue {
    fileprivate static func rowCounts(_ tables: [(name: String, rows: Int64)]) -> JSONValue {
        .object(tables.map { Member($0.name, .integer($0.rows)) })
    }
}
