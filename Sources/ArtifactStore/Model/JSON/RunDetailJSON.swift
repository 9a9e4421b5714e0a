extension RunDetail: Encodable {
    /// The run as one JSON object: `parentRunId`, `parentRunType`, `artifacts`, `counts`, `models`, `versions`,
    /// `usage` and `failures`.
    public var json: JSONValue {
        .object(fields: [
            ("parentRunType", .string(GeneratedImageArtifact.parentRunType)),
            ("parentRunId", .string(parentRunId)),
            ("counts", counts.json),
            ("models", .array(models.map(\.json))),
            ("versions", .array(versions.map(\.json))),
            ("usage", usage.json),
            ("failures", .array(failures.map(\.json))),
            ("artifacts", .array(artifacts.map(\.json))),
        ])
    }

    /// Writes ``json``.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}

extension StatusCounts {
    var json: JSONValue {
        .object(fields: [
            ("pending", .integer(pending)), ("completed", .integer(completed)), ("failed", .integer(failed)),
            ("total", .integer(total)),
        ])
    }
}

extension ModelUse {
    var json: JSONValue {
        .object(fields: [
            ("requestedModel", .string(requestedModel)),
            ("provider", .optional(provider)),
            ("imageGenerationMode", .optional(imageGenerationMode?.rawValue)),
            ("underlyingImageModel", .optional(underlyingImageModel)),
            ("hostedToolOutputType", .optional(hostedToolOutputType)),
            ("artifactCount", .integer(artifactCount)),
        ])
    }
}

extension UsageTotals {
    var json: JSONValue {
        .object(fields: [
            ("inputTokens", .optional(inputTokens.value)),
            ("inputTextTokens", .optional(inputTextTokens.value)),
            ("inputImageTokens", .optional(inputImageTokens.value)),
            ("cachedInputTokens", .optional(cachedInputTokens.value)),
            ("cachedInputTextTokens", .optional(cachedInputTextTokens.value)),
            ("cachedInputImageTokens", .optional(cachedInputImageTokens.value)),
            ("cacheWriteInputTokens", .optional(cacheWriteInputTokens.value)),
            ("outputTokens", .optional(outputTokens.value)),
            ("outputTextTokens", .optional(outputTextTokens.value)),
            ("outputImageTokens", .optional(outputImageTokens.value)),
            ("totalTokens", .optional(totalTokens.value)),
            ("costs", .array(costs.map(\.json))),
            ("artifactsWithoutCost", .integer(artifactsWithoutCost)),
        ])
    }
}

extension RunFailure {
    var json: JSONValue {
        var members = [JSONValue.Member("artifactId", .string(artifactId.text))]
        members += failure.json.members ?? []
        return .object(members)
    }
}
