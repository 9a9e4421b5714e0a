extension ExportReport {
    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("folder", .string(folder)),
            ("schemaVersion", .integer(schemaVersion)),
            ("artifactCount", .integer(artifactCount)),
            ("eventCount", .integer(eventCount)),
            ("objectCount", objectCount.map { .integer($0) } ?? .null),
            ("catalogueRevisionCount", .integer(catalogueRevisionCount)),
        ])
    }
}

extension ImportReport {
    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("importedCount", .integer(importedCount)),
            ("skippedCount", .integer(skippedCount)),
            ("deletedCount", .integer(deletedCount)),
            ("eventCount", .integer(eventCount)),
            ("objectCount", objectCount.map { .integer($0) } ?? .null),
            ("catalogueRevisionCount", .integer(catalogueRevisionCount)),
        ])
    }
}
