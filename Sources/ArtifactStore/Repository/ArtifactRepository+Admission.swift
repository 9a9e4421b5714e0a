internal import GRDB

/// How a new artifact gets its admission.
enum AdmissionRule: Sendable {
    /// As the catalogue in force declares; what it does not admit fails at once.
    case asDeclared
    /// As the catalogue in force declares, and never refused: the provider has answered already.
    case answered
    /// As the first artifact of the same answer: its image is there already, whatever was imported meanwhile.
    case like(ArtifactID)
    /// As recorded in the history that is written again.
    case recorded(Admission?)
}

extension ArtifactRepository {
    static let selectSupport = """
        SELECT supportsImageGeneration FROM catalogueModel JOIN modelDeclaration USING (declarationId) \
        WHERE revision = ? AND catalogueModel.model = ?
        """
    static let selectAdmissionOfArtifact =
        "SELECT imageGenerationSupport, catalogueRevision FROM artifact WHERE artifactId = ?"
    static let selectImageModels = """
        SELECT catalogueModel.model, provider FROM catalogueModel JOIN modelDeclaration USING (declarationId) \
        WHERE revision = ? AND supportsImageGeneration = 'yes' ORDER BY catalogueModel.model
        """

    /// How many declared alternatives a refused artifact's guidance names.
    private static let namedAlternatives = 5

    static func admission(_ db: Database, _ beginning: BeginningRequest) throws -> Admission? {
        switch beginning.admission {
        case .recorded(let admission): return admission
        case .like(let first):
            return try PreparedStatement(db, selectAdmissionOfArtifact).first({ $0.bind(first.text) }) { row in
                var columns = ArtifactRow.Columns(row)
                return try ArtifactRow.admission(&columns)
            } ?? nil
        case .asDeclared, .answered:
            let revision = try currentRevision(db)
            let support: DeclaredSupport? = try revision.flatMap { revision in
                try PreparedStatement(db, selectSupport).first({
                    $0.bind(revision)
                    $0.bind(beginning.request.model)
                }) { try $0.word(0) } ?? nil
            }
            return Admission(imageGenerationSupport: support ?? .unknown, catalogueRevision: revision)
        }
    }

    /// Why an artifact is not admitted; nil when it is.
    func refusal(
        _ db: Database, of beginning: BeginningRequest, _ admission: Admission?
    ) throws -> ArtifactFailure? {
        guard case .asDeclared = beginning.admission, let admission else { return nil }
        switch admission.imageGenerationSupport {
        case .yes: return nil
        case .unknown where options.unknownModels == .admit: return nil
        case .no, .unknown:
            return .notAdmitted(
                beginning.request.model, admission,
                alternatives: try admission.catalogueRevision.map {
                    try Self.alternatives(db, to: beginning.request.model, revision: $0)
                } ?? [])
        }
    }

    /// Models that are declared to make images: those of the same provider first, then by name.
    private static func alternatives(_ db: Database, to model: String, revision: Int64) throws -> [String] {
        let provider = try declaration(db, model, in: revision)?.provider
        var near: [String] = []
        var far: [String] = []
        try PreparedStatement(db, selectImageModels).forEachRow({ $0.bind(revision) }) { row in
            let isNear = try provider != nil && row.optionalText(1) == provider
            if isNear, near.count < namedAlternatives {
                near.append(try row.text(0))
            } else if !isNear, far.count < namedAlternatives {
                far.append(try row.text(0))
            }
        }
        return Array((near + far).prefix(namedAlternatives))
    }
}
