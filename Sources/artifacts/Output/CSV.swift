internal import ArtifactStore

/// Comma-separated values of JSON objects: one column for each path of wire names (RFC 4180, line ends CRLF).
///
/// A value is written exactly as it is, except on a terminal: there nobody parses it, and it may hold escape sequences.
enum CSV {
    /// The columns of an artifact.
    static let artifactColumns = [
        "artifactId", "artifactType", "parentRunType", "parentRunId", "idempotencyKey", "sequence", "status",
        "storage.kind", "storage.bucket", "storage.objectKey", "storage.contentType", "storage.byteCount",
        "storage.sha256", "storage.width", "storage.height", "request.prompt", "request.model", "request.size",
        "request.quality", "request.background", "request.outputFormat", "request.seed", "request.extraParameters",
        "admission.imageGenerationSupport", "admission.catalogueRevision",
        "modelExecution.provider", "modelExecution.requestedModel", "modelExecution.imageGenerationMode",
        "modelExecution.underlyingImageModel", "modelExecution.hostedToolOutputType",
        "modelExecution.providerRequestId", "modelExecution.revisedPrompt", "context.promptComposition",
        "context.versionContext.skillVersion", "context.versionContext.promptVersion",
        "context.versionContext.templateVersion", "usage.inputTokens", "usage.inputTextTokens",
        "usage.inputImageTokens", "usage.cachedInputTokens", "usage.cachedInputTextTokens",
        "usage.cachedInputImageTokens", "usage.cacheWriteInputTokens", "usage.outputTokens", "usage.outputTextTokens",
        "usage.outputImageTokens", "usage.totalTokens", "usage.imageCount", "usage.durationMs", "usage.cost.micros",
        "usage.cost.currency", "usage.costSource", "usage.priceRevision", "usage.providerUsage",
        "usage.includedInArtifactId", "failure.type", "failure.message",
        "failure.recoveryGuidance", "failure.retryable", "failure.retryAfter", "failure.action",
        "failure.providerCode", "claim.owner", "claim.fencingToken", "claim.expiresAt", "createdAt", "completedAt",
    ]

    static let eventColumns = [
        "sequence", "kind", "artifactId", "parentRunId", "occurredAt", "claimOwner", "fencingToken", "failureType",
    ]

    static let statisticsColumns = [
        "counts.pending", "counts.completed", "counts.failed", "counts.total", "expiredClaims", "firstCreatedAt",
        "lastCreatedAt", "lastEventSequence", "schemaVersion", "databaseBytes", "failures",
        "waitingRemovals",
    ]

    static func header(_ columns: [String]) -> String {
        columns.joined(separator: ",") + "\r\n"
    }

    static func row(_ object: JSONValue, _ columns: [String]) -> String {
        columns.map { path in
            let value = path.split(separator: ".").reduce(object as JSONValue?) { $0?[String($1)] }
            return field(value ?? .null)
        }.joined(separator: ",") + "\r\n"
    }

    private static func field(_ value: JSONValue) -> String {
        switch value {
        case .null: return ""
        case .string(let text): return quoted(Terminal.isInteractive ? Printable.text(text) : text)
        case .number(let literal): return literal
        case .bool, .array, .object:
            return quoted(Terminal.isInteractive ? Printable.json(value.compactText) : value.compactText)
        }
    }

    private static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return text }
        // By scalars: a quote with a combining mark behind it is another Character than a quote.
        var doubled = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\"" { doubled.append(scalar) }
            doubled.append(scalar)
        }
        return "\"\(String(doubled))\""
    }
}
