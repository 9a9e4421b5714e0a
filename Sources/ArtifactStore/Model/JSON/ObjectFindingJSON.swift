extension ObjectFinding {
    /// The finding as one JSON object, as a plan has it.
    public var json: JSONValue {
        .object(fields: [
            ("finding", .string(kind.rawValue)),
            ("key", .string(key)),
            ("artifactId", .optional(artifactId?.text)),
            ("byteCount", .optional(byteCount)),
            ("recordedByteCount", .optional(recordedByteCount)),
            ("modifiedAt", .optional(modifiedAt?.description)),
            ("action", .optional(action?.rawValue)),
        ])
    }

    init(_ json: JSONValue) throws(StoreError) {
        let fields = try JSONFields(
            json, "the finding",
            known: ["finding", "key", "artifactId", "byteCount", "recordedByteCount", "modifiedAt", "action"])
        guard let kind = Kind(rawValue: try fields.requiredText("finding")) else {
            throw .invalid("finding", "is unknown", hint: "Another version of this package may have written it.")
        }
        self.init(
            kind, try fields.requiredText("key"), try fields.text("artifactId").map { ArtifactID($0) },
            byteCount: try fields.integer("byteCount"), recordedByteCount: try fields.integer("recordedByteCount"),
            modifiedAt: try fields.moment("modifiedAt"),
            action: try fields.text("action").map { text throws(StoreError) in
                guard let action = Action(rawValue: text) else {
                    throw .invalid("action", "is unknown", hint: "Another version of this package may have written it.")
                }
                return action
            })
    }
}

extension JSONFields {
    func moment(_ name: String) throws(StoreError) -> Timestamp? {
        guard let text = try text(name) else { return nil }
        guard let moment = Timestamp(text) else { throw .invalid(name, "is no time", hint: "Write RFC 3339.") }
        return moment
    }

    func requiredInteger(_ name: String) throws(StoreError) -> Int64 {
        guard let number = try integer(name) else { throw .invalid(name, "is missing", hint: "Give it.") }
        return number
    }
}

extension ObjectCheckCounts {
    /// The counts as one JSON object. Of findings and actions, all names are there.
    public var json: JSONValue {
        .object(fields: [
            ("objectCount", .integer(objectCount)),
            ("recentCount", .integer(recentCount)),
            ("removingCount", .integer(removingCount)),
            ("artifactCount", .integer(artifactCount)),
            ("elsewhereCount", .integer(elsewhereCount)),
            (
                "findings",
                .object(fields: ObjectFinding.Kind.allCases.map { ($0.rawValue, .integer(findings[$0] ?? 0)) })
            ),
            (
                "actions",
                .object(fields: ObjectFinding.Action.allCases.map { ($0.rawValue, .integer(actions[$0] ?? 0)) })
            ),
        ])
    }

    init(_ json: JSONValue) throws(StoreError) {
        let names = ["objectCount", "recentCount", "removingCount", "artifactCount", "elsewhereCount"]
        let fields = try JSONFields(json, "the counts", known: Set(names + ["findings", "actions"]))
        objectCount = try Self.count(fields, "objectCount")
        recentCount = try Self.count(fields, "recentCount")
        removingCount = try Self.count(fields, "removingCount")
        artifactCount = try Self.count(fields, "artifactCount")
        elsewhereCount = try Self.count(fields, "elsewhereCount")
        for kind in ObjectFinding.Kind.allCases {
            guard let count = try fields.required("findings")[kind.rawValue]?.integer, count > 0 else { continue }
            findings[kind] = Int(count)
        }
        for action in ObjectFinding.Action.allCases {
            guard let count = try fields.required("actions")[action.rawValue]?.integer, count > 0 else { continue }
            actions[action] = Int(count)
        }
    }

    private static func count(_ fields: JSONFields, _ name: String) throws(StoreError) -> Int {
        let count = try fields.requiredInteger(name)
        guard (0...Int64(1) << 53).contains(count) else {
            throw .invalid(name, "is out of range", hint: "A count is not negative.")
        }
        return Int(count)
    }
}

extension ObjectCheckReport {
    /// The report as one JSON object: where the plan is, and the counts.
    public var json: JSONValue {
        .object(
            [
                .init("plan", .string(plan)), .init("resumed", .bool(wasResumed)),
                .init("beganAt", .string(beganAt.description)),
            ] + (counts.json.members ?? []))
    }
}
