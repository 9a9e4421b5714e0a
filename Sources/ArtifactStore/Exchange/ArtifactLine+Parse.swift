extension ArtifactLine {
    private static let names: Set<String> = [
        "artifactId", "artifactType", "parentRunType", "parentRunId", "idempotencyKey", "requestFingerprint", "status",
        "storage", "request", "admission", "modelExecution", "context", "usage", "computedCosts", "failure", "claim",
        "createdAt", "completedAt",
    ]

    /// Reads a line and checks its rules. What may be spelled in several ways is left to the caller, who compares the
    /// line with its own spelling.
    ///
    /// - Throws: ``StoreError`` `invalidInput` naming the field.
    static func parse(_ json: JSONValue) throws -> ArtifactLine {
        let fields = try JSONFields(json, "artifact", known: names)
        let claim = try JSONFields(
            fields.required("claim"), "claim", known: ["owner", "fencingToken", "claimedAt", "expiresAt"])
        let line = ArtifactLine(
            artifact: GeneratedImageArtifact(
                sequence: 0,
                artifactId: ArtifactID(try fields.requiredText("artifactId")),
                parentRunId: try fields.requiredText("parentRunId"),
                idempotencyKey: try fields.text("idempotencyKey"),
                status: try fields.word("status"),
                storage: try fields.value("storage").map(ArtifactStorage.parse),
                request: try GeneratedImageRequest.parse(fields.required("request")).0,
                modelExecution: try fields.value("modelExecution").map(ModelExecution.parse),
                context: try ArtifactContext.parse(fields.required("context")),
                usage: try fields.value("usage").map(Usage.parse),
                failure: try fields.value("failure").map(ArtifactFailure.parse),
                claim: ClaimRecord(
                    owner: try claim.requiredText("owner"), fencingToken: try claim.number("fencingToken"),
                    expiresAt: try claim.time("expiresAt")),
                createdAt: try fields.time("createdAt"),
                completedAt: fields.value("completedAt") == nil ? nil : try fields.time("completedAt"), admission: nil,
                computedCost: nil),
            requestFingerprint: try fields.requiredText("requestFingerprint"),
            claimedAt: try claim.time("claimedAt"),
            admission: try fields.value("admission").map(admission),
            computedCosts: try (fields.value("computedCosts")?.array ?? []).map(computedCost))
        try line.validate()
        return line
    }
}

extension ArtifactLine {
    private static func admission(
        _ json: JSONValue
    ) throws -> (support: DeclaredSupport, catalogueSha256: String?) {
        let fields = try JSONFields(json, "admission", known: ["imageGenerationSupport", "catalogueSha256"])
        guard let support = try fields.support("imageGenerationSupport") else {
            throw StoreError.invalid("admission.imageGenerationSupport", "is missing", hint: "Give it.")
        }
        return (support, try fields.text("catalogueSha256"))
    }

    private static func computedCost(
        _ json: JSONValue
    ) throws -> (cost: Cost, catalogueSha256: String, computedAt: Timestamp) {
        let fields = try JSONFields(
            json, "computedCosts", known: ["micros", "currency", "catalogueSha256", "computedAt"])
        return (
            Cost(micros: try fields.number("micros"), currency: try fields.requiredText("currency")),
            try fields.requiredText("catalogueSha256"), try fields.time("computedAt")
        )
    }
}

extension ArtifactStorage {
    fileprivate static func parse(_ json: JSONValue) throws -> ArtifactStorage {
        let fields = try JSONFields(
            json, "storage",
            known: ["kind", "bucket", "objectKey", "contentType", "byteCount", "sha256", "width", "height"])
        return ArtifactStorage(
            reference: StorageReference(
                kind: try fields.requiredText("kind"), bucket: try fields.requiredText("bucket"),
                objectKey: try ObjectKey(try fields.requiredText("objectKey"))),
            facts: ImageFacts(
                contentType: try fields.text("contentType"), byteCount: try fields.integer("byteCount"),
                sha256: try fields.text("sha256"), width: try fields.integer("width"),
                height: try fields.integer("height")))
    }
}

extension ModelExecution {
    fileprivate static func parse(_ json: JSONValue) throws -> ModelExecution {
        let fields = try JSONFields(
            json, "modelExecution",
            known: [
                "provider", "requestedModel", "imageGenerationMode", "underlyingImageModel", "hostedToolOutputType",
                "providerRequestId", "revisedPrompt",
            ])
        return ModelExecution(
            provider: try fields.requiredText("provider"),
            imageGenerationMode: fields.value("imageGenerationMode") == nil
                ? nil : try fields.word("imageGenerationMode"),
            underlyingImageModel: try fields.text("underlyingImageModel"),
            hostedToolOutputType: try fields.text("hostedToolOutputType"),
            providerRequestId: try fields.text("providerRequestId"), revisedPrompt: try fields.text("revisedPrompt"))
    }
}

extension Usage {
    private static let counts: [(String, any WritableKeyPath<Usage, Int64?> & Sendable)] = [
        ("inputTokens", \.inputTokens), ("inputTextTokens", \.inputTextTokens),
        ("inputImageTokens", \.inputImageTokens), ("cachedInputTokens", \.cachedInputTokens),
        ("cachedInputTextTokens", \.cachedInputTextTokens), ("cachedInputImageTokens", \.cachedInputImageTokens),
        ("cacheWriteInputTokens", \.cacheWriteInputTokens), ("outputTokens", \.outputTokens),
        ("outputTextTokens", \.outputTextTokens), ("outputImageTokens", \.outputImageTokens),
        ("totalTokens", \.totalTokens), ("imageCount", \.imageCount), ("durationMs", \.durationMs),
    ]

    fileprivate static func parse(_ json: JSONValue) throws -> Usage {
        let fields = try JSONFields(
            json, "usage", known: Set(counts.map(\.0)).union(["cost", "providerUsage", "includedInArtifactId"]))
        var usage = Usage()
        for (name, count) in counts { usage[keyPath: count] = try fields.integer(name) }
        if let cost = fields.value("cost") {
            let fields = try JSONFields(cost, "usage.cost", known: ["micros", "currency"])
            usage.cost = Cost(micros: try fields.number("micros"), currency: try fields.requiredText("currency"))
        }
        usage.providerUsage = fields.value("providerUsage")
        usage.includedInArtifactId = try fields.text("includedInArtifactId").map { ArtifactID($0) }
        return usage
    }
}

extension ArtifactFailure {
    fileprivate static func parse(_ json: JSONValue) throws -> ArtifactFailure {
        let fields = try JSONFields(
            json, "failure",
            known: ["type", "message", "recoveryGuidance", "retryable", "retryAfter", "action", "providerCode"])
        guard let retryable = fields.value("retryable")?.bool else {
            throw StoreError.invalid("failure.retryable", "is neither true nor false", hint: "Say which.")
        }
        return ArtifactFailure(
            try fields.word("type"), try fields.requiredText("message"),
            recoveryGuidance: try fields.requiredText("recoveryGuidance"), retryable: retryable,
            retryAfter: try fields.integer("retryAfter"), action: try fields.word("action"),
            providerCode: try fields.text("providerCode"))
    }
}
