/// Which artifacts a list holds. Every condition that is set must hold.
public struct ArtifactFilter: Hashable, Sendable {
    public var status: ArtifactStatus?
    public var parentRunId: String?
    /// The requested or the underlying model, whichever has this name.
    public var model: String?
    public var provider: String?
    public var failureType: ArtifactFailure.FailureType?
    public var skillVersion: String?
    public var promptVersion: String?
    public var templateVersion: String?
    /// Created at or after this moment.
    public var since: Timestamp?
    /// Created before this moment.
    public var until: Timestamp?

    /// A filter from its conditions; the empty one holds for every artifact.
    public init(
        status: ArtifactStatus? = nil, parentRunId: String? = nil, model: String? = nil, provider: String? = nil,
        failureType: ArtifactFailure.FailureType? = nil, skillVersion: String? = nil, promptVersion: String? = nil,
        templateVersion: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil
    ) {
        self.status = status
        self.parentRunId = parentRunId
        self.model = model
        self.provider = provider
        self.failureType = failureType
        self.skillVersion = skillVersion
        self.promptVersion = promptVersion
        self.templateVersion = templateVersion
        self.since = since
        self.until = until
    }
}

/// The order of a list, by creation.
public enum ArtifactOrder: String, Hashable, Sendable, CaseIterable {
    case newestFirst = "newest"
    case oldestFirst = "oldest"
}

/// A part of a list, with the cursor that leads to the next.
public struct ArtifactPage: Sendable {
    public let artifacts: [GeneratedImageArtifact]
    /// Give this to the next call, with the same filter and order. Nil on the last page.
    public let nextCursor: PageCursor?
}
