/// What reading the objects of artifacts led to.
public struct ObjectVerificationReport: Sendable {
    /// Artifacts whose object was looked at.
    public internal(set) var artifactCount = 0
    /// Of those, artifacts whose record has no SHA-256: only the size was compared, where that is recorded.
    public internal(set) var withoutDigestCount = 0
    /// Artifacts whose object is in a bucket that is out of reach.
    public internal(set) var elsewhereCount = 0
    /// Objects that are missing or damaged.
    public internal(set) var damageCount = 0

    /// The report as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("artifactCount", .integer(artifactCount)),
            ("withoutDigestCount", .integer(withoutDigestCount)),
            ("elsewhereCount", .integer(elsewhereCount)),
            ("damageCount", .integer(damageCount)),
        ])
    }
}
