/// One line of `artifacts.ndjson`: everything the database keeps about an artifact, but for its place in this one store
/// (the sequence) and for what was signed.
struct ArtifactLine: Sendable {
    let artifact: GeneratedImageArtifact
    let requestFingerprint: String
    /// When the last claim was made.
    let claimedAt: Timestamp
    /// What the catalogue said, by the digest of its revision: the number belongs to one store.
    let admission: (support: DeclaredSupport, catalogueSha256: String?)?
    /// Every cost that was computed, the first one first, by the digest of the revision.
    let computedCosts: [(cost: Cost, catalogueSha256: String, computedAt: Timestamp)]

    /// The wire form of the artifact, with what only the database knows beside it.
    var text: String {
        var members: [JSONValue.Member] = []
        for member in artifact.json.members ?? [] {
            switch member.name {
            case "sequence": continue
            case "request":
                members.append(.init("requestFingerprint", .string(requestFingerprint)))
                members.append(member)
            case "admission": if let admissionJSON { members.append(.init("admission", admissionJSON)) }
            case "usage":
                members.append(.init("usage", artifact.usage?.json ?? .null))
                if !computedCosts.isEmpty { members.append(.init("computedCosts", computedCostsJSON)) }
            case "claim": members.append(.init("claim", claim))
            default: members.append(member)
            }
        }
        return JSONValue.object(members).compactText
    }

    /// The same without what was computed: how the artifact was recorded.
    var withoutComputedCosts: ArtifactLine {
        ArtifactLine(
            artifact: artifact, requestFingerprint: requestFingerprint, claimedAt: claimedAt, admission: admission,
            computedCosts: [])
    }

    private var admissionJSON: JSONValue? {
        admission.map {
            .object(fields: [
                ("imageGenerationSupport", $0.support.json), ("catalogueSha256", .optional($0.catalogueSha256)),
            ])
        }
    }

    private var computedCostsJSON: JSONValue {
        .array(
            computedCosts.map {
                .object(fields: [
                    ("micros", .integer($0.cost.micros)), ("currency", .string($0.cost.currency)),
                    ("catalogueSha256", .string($0.catalogueSha256)),
                    ("computedAt", .string($0.computedAt.description)),
                ])
            })
    }

    private var claim: JSONValue {
        .object(fields: [
            ("owner", .string(artifact.claim.owner)),
            ("fencingToken", .integer(artifact.claim.fencingToken)),
            ("claimedAt", .string(claimedAt.description)),
            ("expiresAt", .string(artifact.claim.expiresAt.description)),
        ])
    }

    /// How the artifact ended; nil while it is pending.
    var outcome: ArtifactOutcome? {
        if let storage = artifact.storage, let execution = artifact.modelExecution {
            return .completed(storage, execution, artifact.usage)
        }
        return artifact.failure.map { .failed($0, artifact.modelExecution, artifact.usage) }
    }
}

extension ArtifactLine {
    /// Every rule of a record that one line can break, but for its spelling.
    ///
    /// - Throws: ``StoreError`` `invalidInput` naming the field.
    func validate() throws {
        try TextRule.check(artifact.artifactId.text, "artifactId", atMost: TextLimit.artifactId)
        try TextRule.check(artifact.parentRunId, "parentRunId")
        try TextRule.check(artifact.idempotencyKey, "idempotencyKey")
        try SHA256Hex.check(requestFingerprint, "requestFingerprint")
        try artifact.request.validate()
        try artifact.context.validate()
        try TextRule.check(artifact.claim.owner, "claim.owner")
        guard (1...Self.largestToken).contains(artifact.claim.fencingToken) else {
            throw StoreError.invalid(
                "claim.fencingToken", "is \(artifact.claim.fencingToken)", hint: "Tokens are 1 to \(Self.largestToken)."
            )
        }
        guard artifact.claim.fencingToken > 1 || claimedAt == artifact.createdAt else {
            throw StoreError.invalid(
                "claim.claimedAt", "is not createdAt although nobody took the artifact over",
                hint: "The first claim is made with its artifact.")
        }
        try validateOutcome()
    }

    private static let largestToken: Int64 = 1_000_000_000_000

    private func validateOutcome() throws {
        func check(_ isValid: Bool, _ field: String, _ reason: String) throws {
            guard isValid else {
                throw StoreError.invalid(
                    field, "\(reason) although the artifact is \(artifact.status.rawValue)",
                    hint: "Status and outcome must agree.")
            }
        }
        let isPending = artifact.status == .pending
        try check((artifact.storage != nil) == (artifact.status == .completed), "storage", "is wrong")
        try check((artifact.failure != nil) == (artifact.status == .failed), "failure", "is wrong")
        try check((artifact.completedAt == nil) == isPending, "completedAt", "is wrong")
        try check(!isPending || artifact.modelExecution == nil, "modelExecution", "is there")
        try check(!isPending || artifact.usage == nil, "usage", "is there")
        try check(artifact.status != .completed || artifact.modelExecution != nil, "modelExecution", "is missing")
        if let completedAt = artifact.completedAt {
            try check(completedAt >= artifact.createdAt, "completedAt", "is before createdAt")
        }
        try artifact.storage?.reference.validate()
        try artifact.storage?.facts.validate()
        if artifact.status == .completed {
            try artifact.modelExecution?.validateForCompletion()
        } else {
            try artifact.modelExecution?.validate()
        }
        try artifact.usage?.validate()
        try check(computedCosts.isEmpty || !isPending, "computedCosts", "is there")
        for computed in computedCosts { try computed.cost.validate() }
        try artifact.failure?.validate()
    }
}
