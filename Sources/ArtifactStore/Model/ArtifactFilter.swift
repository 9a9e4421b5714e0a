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
    /// Words that the prompt and the revised prompt hold between them, every one of them, whatever their case and
    /// diacritics. `"…"` keeps a phrase together; nothing else is an operator. At most 1,024 bytes, with at least one
    /// letter or digit and no NUL: what reads with this filter throws `invalidInput` otherwise.
    public var search: String?

    /// A filter from its conditions; the empty one holds for every artifact.
    public init(
        status: ArtifactStatus? = nil, parentRunId: String? = nil, model: String? = nil, provider: String? = nil,
        failureType: ArtifactFailure.FailureType? = nil, skillVersion: String? = nil, promptVersion: String? = nil,
        templateVersion: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil, search: String? = nil
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
        self.search = search
    }
}

/// The order of a list: by creation, or by how well a search is met.
public enum ArtifactOrder: String, Hashable, Sendable, CaseIterable {
    case newestFirst = "newest"
    case oldestFirst = "oldest"
    /// The best matches of ``ArtifactFilter/search`` first, by FTS5's `bm25`, the newest of equals. Only with a search,
    /// and one page of it: ranks shift with every new prompt, so that no cursor could say where to go on. Every match is
    /// ranked, which takes longer the more there are.
    case bestMatch = "rank"
}

/// A part of a list, with the cursor that leads to the next.
public struct ArtifactPage: Sendable {
    public let artifacts: [GeneratedImageArtifact]
    /// Give this to the next call, with the same filter and order. Nil on the last page.
    public let nextCursor: PageCursor?
}
