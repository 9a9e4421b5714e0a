/// The right to finish one pending artifact.
///
/// It is yours until it expires and somebody takes the artifact over or sweeps it; renew it with `heartbeat`. The
/// fencing token grows with every take-over, so that a late holder can never write over a later one's result.
public struct Claim: Hashable, Sendable {
    public let artifactId: ArtifactID
    public let parentRunId: String
    /// Who holds it.
    public let owner: String
    /// 1 for the first claim of an artifact, one more at every take-over.
    public let fencingToken: Int64
    /// When others may take the artifact over.
    public let expiresAt: Timestamp

    /// A claim rebuilt by a worker that got its parts over a queue.
    public init(
        artifactId: ArtifactID, parentRunId: String, owner: String, fencingToken: Int64, expiresAt: Timestamp
    ) {
        self.artifactId = artifactId
        self.parentRunId = parentRunId
        self.owner = owner
        self.fencingToken = fencingToken
        self.expiresAt = expiresAt
    }

    /// The key under which this claim's bytes are stored: run, artifact and fencing token, so that bytes left behind
    /// by a crash lead back to their artifact and no two claims write to one key.
    public var objectKey: ObjectKey {
        ObjectKey(
            trusted: "\(Self.segment(parentRunId))/\(Self.segment(artifactId.text))/\(fencingToken)")
    }

    /// The text itself where it is plain (ASCII letters, digits, `_`, `-`, `.` not first), else `sha256-` and 32
    /// digits of its digest.
    private static func segment(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
        guard isPlain, text.utf8.count <= 128, !text.utf8.isEmpty, text.utf8.first != UInt8(ascii: ".") else {
            return "sha256-" + SHA256Hex.of(text.utf8).prefix(32)
        }
        return text
    }
}

/// A claim as the record keeps it.
public struct ClaimRecord: Hashable, Sendable {
    /// Who holds or held it.
    public let owner: String
    /// 1 for the first claim, one more at every take-over.
    public let fencingToken: Int64
    /// When it expires or expired.
    public let expiresAt: Timestamp
}

/// What `begin` found.
public enum Beginning: Sendable {
    /// A new artifact, pending, and yours to finish.
    case created(Claim)
    /// An artifact whose claim had expired: now yours, with a higher fencing token. The earlier holder may have
    /// called the provider already.
    case takenOver(Claim)
    /// The same request under the same key was finished before; there is nothing to do.
    case replayed(GeneratedImageArtifact)
    /// A new artifact that failed at once with `unsupported_model`: the catalogue does not admit the model. The provider
    /// must not be called; the failure's guidance names models that are declared to make images.
    case refused(GeneratedImageArtifact)

    /// The claim, for workers that treat a finished artifact as an error.
    ///
    /// - Throws: ``StoreError`` with code `alreadyFinished` when the artifact was replayed or refused.
    public var claim: Claim {
        get throws(StoreError) {
            switch self {
            case .created(let claim), .takenOver(let claim): return claim
            case .refused(let artifact):
                throw StoreError(
                    .alreadyFinished,
                    "artifact \(artifact.artifactId) failed at once: \(artifact.failure?.message ?? "it was refused")",
                    hint: artifact.failure?.recoveryGuidance ?? "Read the artifact.", artifactId: artifact.artifactId)
            case .replayed(let artifact):
                throw StoreError(
                    .alreadyFinished, "artifact \(artifact.artifactId) is \(artifact.status.rawValue) already",
                    hint: "Use the recorded artifact, or begin with a new idempotency key.",
                    artifactId: artifact.artifactId, storage: artifact.storage?.reference)
            }
        }
    }
}
