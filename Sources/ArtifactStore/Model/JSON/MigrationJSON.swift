extension MigrationStatus {
    /// The status as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("schemaVersion", .integer(schemaVersion)),
            ("newestVersion", .integer(newestVersion)),
            ("migrations", .array(migrations)),
            ("refusal", refusal.map { .string($0.message) } ?? .null),
        ])
    }

    /// Each migration as one JSON object, those that were applied first.
    public var migrations: [JSONValue] {
        applied.map { applied in
            .object(fields: [
                ("version", .integer(applied.version)),
                ("name", .string(applied.name)),
                ("state", .string("applied")),
                ("chainHash", .string(applied.chainHash)),
                ("appliedAt", .string(applied.appliedAt.description)),
                ("applicationVersion", .string(applied.applicationVersion)),
                ("durationMs", .integer(applied.durationMs)),
            ])
        }
            + pending.map { pending in
                .object(fields: [
                    ("version", .integer(pending.version)),
                    ("name", .string(pending.name)),
                    ("state", .string("pending")),
                ])
            }
    }
}

extension MigrationReport {
    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("fromVersion", .integer(fromVersion)),
            ("toVersion", .integer(toVersion)),
            (
                "steps",
                .array(
                    steps.map { step in
                        .object(fields: [
                            ("version", .integer(step.version)), ("name", .string(step.name)),
                            ("durationMs", .integer(step.durationMs)),
                        ])
                    })
            ),
            ("tables", .array(tables.map(\.json))),
            ("backup", backup.map(JSONValue.string) ?? .null),
        ])
    }
}

extension MigrationReport.Table {
    /// The table's numbers as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("table", .string(name)),
            ("rowsBefore", rowsBefore.map { .integer($0) } ?? .null),
            ("rowsAfter", rowsAfter.map { .integer($0) } ?? .null),
        ])
    }
}

extension MigrationPlan {
    /// The plan as one JSON object.
    public var json: JSONValue {
        // A plan with a check that failed is none: it is an error. Without a copy nothing was checked.
        let check: JSONValue = report.steps.isEmpty ? .null : "ok"
        return .object(fields: [
            ("fromVersion", .integer(report.fromVersion)),
            ("toVersion", .integer(report.toVersion)),
            ("steps", report.json["steps"]),
            ("tables", report.json["tables"]),
            ("integrity", check),
            ("foreignKeys", check),
            ("schema", check),
            ("copyMs", .integer(copyMs)),
            ("migrationMs", .integer(migrationMs)),
            ("neededBytes", .integer(neededBytes)),
            ("freeBytes", freeBytes.map { .integer($0) } ?? .null),
        ])
    }
}

extension SchemaDifference {
    /// The difference as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("kind", .string(kind.rawValue)),
            ("type", .string(type)),
            ("name", .string(name)),
            ("expected", expected.map(JSONValue.string) ?? .null),
            ("actual", actual.map(JSONValue.string) ?? .null),
        ])
    }
}

extension LintFinding {
    /// The finding as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("file", .string(file)),
            ("line", .integer(line)),
            ("column", .integer(column)),
            ("rule", .string(rule.rawValue)),
            ("message", .string(message)),
            ("hint", .string(hint)),
        ])
    }
}
