extension ArtifactEvent {
    /// One line of `events.ndjson`: the event without its sequence, which belongs to one store.
    var lineText: String {
        JSONValue.object((json.members ?? []).filter { $0.name != "sequence" }).compactText
    }

    /// Reads a line of `events.ndjson`.
    ///
    /// - Throws: ``StoreError`` `invalidInput` naming the field.
    static func parse(line json: JSONValue) throws -> ArtifactEvent {
        let fields = try JSONFields(
            json, "event",
            known: [
                "kind", "artifactId", "parentRunId", "occurredAt", "claimOwner", "fencingToken", "failureType",
            ])
        let event = ArtifactEvent(
            sequence: 0, kind: try fields.word("kind"), artifactId: ArtifactID(try fields.requiredText("artifactId")),
            parentRunId: try fields.requiredText("parentRunId"), occurredAt: try fields.time("occurredAt"),
            claimOwner: try fields.requiredText("claimOwner"), fencingToken: try fields.number("fencingToken"),
            failureType: fields.value("failureType") == nil ? nil : try fields.word("failureType"))
        try TextRule.check(event.claimOwner, "claimOwner")
        return event
    }
}
