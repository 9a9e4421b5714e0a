/// The record of one generated image.
public struct GeneratedImageArtifact: Hashable, Sendable, Identifiable {
    /// Always `generated_image`.
    public static let artifactType = "generated_image"
    /// Always `skill_run`.
    public static let parentRunType = "skill_run"

    /// Where the artifact stands in the order of creation; it only grows.
    public let sequence: Int64
    public let artifactId: ArtifactID
    /// The skill run that asked for the image.
    public let parentRunId: String
    /// The key under which the run asked for it, if it gave one.
    public let idempotencyKey: String?
    public let status: ArtifactStatus
    /// Where the bytes are. There exactly when the artifact is completed.
    public let storage: ArtifactStorage?
    public let request: GeneratedImageRequest
    /// What ran. Unknown (nil) while pending.
    public let modelExecution: ModelExecution?
    public let context: ArtifactContext
    /// What it took. Nil when nothing is known.
    public let usage: Usage?
    /// Why it failed. There exactly when the artifact is failed.
    public let failure: ArtifactFailure?
    /// The last claim: while pending, who may finish the artifact; afterwards, who did.
    public let claim: ClaimRecord
    public let createdAt: Timestamp
    /// When the artifact left `pending`.
    public let completedAt: Timestamp?
    /// What the catalogue said of the model. Nil for artifacts of schema versions before 5.
    public let admission: Admission?
    /// What it cost by declared prices, as computed last; only where nobody reported a cost.
    public let computedCost: ComputedCost?

    public var id: ArtifactID { artifactId }
}

/// Where an artifact stands. `completed` and `failed` are final.
public enum ArtifactStatus: String, Hashable, Sendable, CaseIterable {
    case pending
    case completed
    case failed
}
