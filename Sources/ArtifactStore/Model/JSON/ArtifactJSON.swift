/// The wire form: camelCase names as in the database and in Swift. Every artifact has all top-level names, null where
/// there is nothing; inside them, what is unknown is left out.
extension GeneratedImageArtifact: Encodable {
    /// The artifact as one JSON object.
    public var json: JSONValue {
        .object(fields: [
            ("artifactId", .string(artifactId.text)),
            ("artifactType", .string(Self.artifactType)),
            ("parentRunType", .string(Self.parentRunType)),
            ("parentRunId", .string(parentRunId)),
            ("idempotencyKey", idempotencyKey.map(JSONValue.string)),
            ("sequence", .integer(sequence)),
            ("status", .string(status.rawValue)),
            ("storage", storage?.json ?? .null),
            ("request", request.json),
            ("admission", admission?.json ?? .null),
            ("modelExecution", modelExecution?.json(requestedModel: request.model) ?? .null),
            ("context", context.json),
            ("usage", usageWithCost ?? .null),
            ("failure", failure?.json ?? .null),
            ("claim", claim.json),
            ("createdAt", .string(createdAt.description)),
            ("completedAt", completedAt.map { .string($0.description) } ?? .null),
        ])
    }

    /// Usage with the cost in force, and where it comes from.
    private var usageWithCost: JSONValue? {
        guard let costSource else { return usage?.json }
        var members = (usage?.json.members ?? []).filter { $0.name != "cost" }
        if let cost { members.append(.init("cost", cost.json)) }
        members.append(.init("costSource", .string(costSource.rawValue)))
        if usage?.cost == nil, let computedCost {
            members.append(.init("priceRevision", .integer(computedCost.catalogueRevision)))
        }
        return .object(members)
    }

    /// Writes ``json``.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}

extension JSONValue {
    /// An object of the fields that have a value, in their order.
    static func object(fields: [(String, JSONValue?)]) -> JSONValue {
        .object(fields.compactMap { name, value in value.map { Member(name, $0) } })
    }

    static func optional(_ text: String?) -> JSONValue? { text.map(JSONValue.string) }
    static func optional(_ number: Int64?) -> JSONValue? { number.map { .integer($0) } }
}

extension ArtifactStorage {
    var json: JSONValue {
        .object(fields: [
            ("kind", .string(reference.kind)),
            ("bucket", .string(reference.bucket)),
            ("objectKey", .string(reference.objectKey.text)),
            ("contentType", .optional(facts.contentType)),
            ("byteCount", .optional(facts.byteCount)),
            ("sha256", .optional(facts.sha256)),
            ("width", .optional(facts.width)),
            ("height", .optional(facts.height)),
        ])
    }
}

extension Admission {
    var json: JSONValue {
        .object(fields: [
            ("imageGenerationSupport", imageGenerationSupport.json),
            ("catalogueRevision", .optional(catalogueRevision)),
        ])
    }
}

extension ModelExecution {
    func json(requestedModel: String) -> JSONValue {
        .object(fields: [
            ("provider", .string(provider)),
            ("requestedModel", .string(requestedModel)),
            ("imageGenerationMode", .optional(imageGenerationMode?.rawValue)),
            ("underlyingImageModel", .optional(underlyingImageModel)),
            ("hostedToolOutputType", .optional(hostedToolOutputType)),
            ("providerRequestId", .optional(providerRequestId)),
            ("revisedPrompt", .optional(revisedPrompt)),
        ])
    }
}

extension ArtifactContext {
    var json: JSONValue {
        .object(fields: [
            ("promptComposition", .array(promptComposition.map(\.json))),
            ("versionContext", versionContext.json),
        ])
    }
}

extension PromptPart {
    var json: JSONValue {
        .object(fields: [
            ("role", .string(role)),
            ("source", .optional(source)),
            ("version", .optional(version)),
            ("text", .optional(text)),
            ("textSha256", .optional(textSha256)),
        ])
    }
}

extension VersionContext {
    var json: JSONValue {
        .object(fields: [
            ("skillVersion", .optional(skillVersion)),
            ("promptVersion", .optional(promptVersion)),
            ("templateVersion", .optional(templateVersion)),
        ])
    }
}

extension Usage {
    var json: JSONValue {
        .object(fields: [
            ("inputTokens", .optional(inputTokens)),
            ("inputTextTokens", .optional(inputTextTokens)),
            ("inputImageTokens", .optional(inputImageTokens)),
            ("cachedInputTokens", .optional(cachedInputTokens)),
            ("cachedInputTextTokens", .optional(cachedInputTextTokens)),
            ("cachedInputImageTokens", .optional(cachedInputImageTokens)),
            ("cacheWriteInputTokens", .optional(cacheWriteInputTokens)),
            ("outputTokens", .optional(outputTokens)),
            ("outputTextTokens", .optional(outputTextTokens)),
            ("outputImageTokens", .optional(outputImageTokens)),
            ("totalTokens", .optional(totalTokens)),
            ("imageCount", .optional(imageCount)),
            ("durationMs", .optional(durationMs)),
            ("cost", cost?.json),
            ("providerUsage", providerUsage),
            ("includedInArtifactId", .optional(includedInArtifactId?.text)),
        ])
    }
}

extension Cost {
    var json: JSONValue {
        .object(fields: [("micros", .integer(micros)), ("currency", .string(currency))])
    }
}

extension ArtifactFailure {
    var json: JSONValue {
        .object(fields: [
            ("type", .string(type.rawValue)),
            ("message", .string(message)),
            ("recoveryGuidance", .string(recoveryGuidance)),
            ("retryable", .bool(retryable)),
            ("retryAfter", .optional(retryAfter)),
            ("action", .string(action.rawValue)),
            ("providerCode", .optional(providerCode)),
        ])
    }
}

extension ClaimRecord {
    var json: JSONValue {
        .object(fields: [
            ("owner", .string(owner)),
            ("fencingToken", .integer(fencingToken)),
            ("expiresAt", .string(expiresAt.description)),
        ])
    }
}
