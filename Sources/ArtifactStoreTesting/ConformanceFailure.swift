/// A law of ``ArtifactStore/ObjectStorage`` that a storage broke, and how.
public struct ConformanceFailure: Error, CustomStringConvertible, Sendable {
    /// The name of the check.
    public let check: String
    /// What was expected and what happened.
    public let reason: String

    public var description: String { "\(check): \(reason)" }
}
