extension CatalogueImportReport: Encodable {
    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("revision", revision.map { .integer($0) } ?? .null),
            ("source", .string(source.rawValue)),
            ("entryCount", .integer(entryCount)),
            ("added", .names(added)),
            ("changed", .array(changed.map(\.json))),
            ("unchanged", .integer(unchanged)),
            ("keptFromOtherSource", .names(keptFromOtherSource)),
            (
                "notModels",
                .array(
                    notModels.map { .object(fields: [("name", .string($0.name)), ("reason", .string($0.reason))]) })
            ),
            (
                "refused",
                .array(
                    refused.map {
                        .object(fields: [
                            ("model", .string($0.model)), ("field", .string($0.field)), ("reason", .string($0.reason)),
                        ])
                    })
            ),
            ("removed", .names(removed)),
            (
                "notDeclared",
                .array(
                    notDeclared.map {
                        .object(fields: [
                            ("field", .string($0.field)), ("reason", .string($0.reason)),
                            ("count", .integer($0.count)), ("examples", .names($0.examples)),
                        ])
                    })
            ),
        ])
    }

    /// Writes ``json``.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}

extension ModelChange {
    /// The change as one JSON object; what is unknown is null.
    public var json: JSONValue {
        .object(fields: [
            ("model", .string(model)),
            (
                "fields",
                .array(
                    fields.map { field in
                        .object(fields: [
                            ("name", .string(field.name)), ("old", field.old.map(JSONValue.string) ?? .null),
                            ("new", field.new.map(JSONValue.string) ?? .null),
                        ])
                    })
            ),
        ])
    }
}

extension CatalogueDiff: Encodable {
    /// The difference as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("from", .integer(from)), ("to", .integer(to)), ("added", .names(added)), ("removed", .names(removed)),
            ("changed", .array(changed.map(\.json))),
        ])
    }

    /// Writes ``json``.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}

extension CatalogueRevision: Encodable {
    /// The revision as one JSON object, without what it declares.
    public var json: JSONValue {
        .object(fields: [
            ("revision", .integer(revision)), ("sha256", .string(sha256)), ("source", .string(source.rawValue)),
            ("importedAt", .string(importedAt.description)), ("isAdopted", .bool(isAdopted)),
            ("modelCount", .integer(modelCount)),
        ])
    }

    /// Writes ``json``.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}
