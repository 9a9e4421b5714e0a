extension ArtifactEvent: Encodable {
    /// The event as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("sequence", .integer(sequence)),
            ("kind", .string(kind.rawValue)),
            ("artifactId", .string(artifactId.text)),
            ("parentRunId", .string(parentRunId)),
            ("occurredAt", .string(occurredAt.description)),
            ("claimOwner", .string(claimOwner)),
            ("fencingToken", .integer(fencingToken)),
            ("failureType", .optional(failureType?.rawValue)),
        ])
    }

    /// Writes ``json``.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}
