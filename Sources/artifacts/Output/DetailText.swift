internal import ArtifactStore

/// One thing in full for people: names on the left, values on the right, long values wrapped to the terminal.
struct DetailText {
    private(set) var text = ""
    private let width: Int

    init(width: Int = Terminal.width) {
        self.width = width
    }

    mutating func heading(_ title: String) {
        if !text.isEmpty { text += "\n" }
        text += Terminal.coloured(title, .bold) + "\n"
    }

    /// A line for a value; none when it is unknown.
    mutating func line(_ name: String, _ value: String?, colour: Terminal.Colour? = nil) {
        guard let value else { return }
        // A prompt part's role stands among the names, and may be any text.
        let name = Printable.line(name, atMost: 22)
        let label = "  \(name)" + String(repeating: " ", count: 24 - Printable.width(name))
        let lines = Self.wrapped(Printable.text(value), to: max(20, width - 26))
        for (index, line) in lines.enumerated() {
            text += (index == 0 ? label : String(repeating: " ", count: 26)) + Terminal.coloured(line, colour) + "\n"
        }
    }

    mutating func line(_ name: String, _ value: Int64?) {
        line(name, value.map(String.init))
    }

    mutating func append(_ block: String) {
        text += block
    }

    private static func wrapped(_ text: String, to columns: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let width = Printable.width(String(word))
            if used > 0, used + 1 + width > columns {
                lines.append(line)
                (line, used) = ("", 0)
            }
            line += (used > 0 ? " " : "") + word
            used += (used > 0 ? 1 : 0) + width
        }
        return lines + [line]
    }
}

extension PromptPart {
    /// Its text, or where only that was kept, its hash.
    var shown: String {
        text ?? textSha256.map { "SHA-256 \($0)" } ?? ""
    }
}

extension DetailText {
    /// An artifact in full.
    static func artifact(_ artifact: GeneratedImageArtifact) -> String {
        var detail = DetailText()
        detail.heading("artifact \(Printable.text(artifact.artifactId.text))")
        detail.line("status", artifact.status.rawValue, colour: ArtifactTable.colour(artifact.status))
        detail.line("parentRunId", artifact.parentRunId)
        detail.line("idempotencyKey", artifact.idempotencyKey)
        detail.line("createdAt", artifact.createdAt.description)
        detail.line("completedAt", artifact.completedAt?.description)
        if artifact.status == .pending {
            detail.line("claimed by", "\(artifact.claim.owner) until \(artifact.claim.expiresAt)")
        }
        detail.add(artifact.failure)
        detail.add(artifact.storage)
        detail.add(artifact.request)
        detail.add(artifact.admission)
        detail.add(artifact.modelExecution)
        detail.add(artifact.context)
        detail.add(artifact.usage, artifact)
        return detail.text
    }

    mutating func add(_ failure: ArtifactFailure?) {
        guard let failure else { return }
        heading("failure")
        line("type", failure.type.rawValue, colour: .red)
        line("message", failure.message)
        line("recoveryGuidance", failure.recoveryGuidance)
        line("action", failure.action.rawValue)
        let wait = failure.retryAfter.map { ", after \($0) s" } ?? ""
        line("retryable", failure.retryable ? "yes\(wait)" : "no")
        line("providerCode", failure.providerCode)
    }

    private mutating func add(_ storage: ArtifactStorage?) {
        guard let storage else { return }
        heading("storage")
        line("kind", storage.reference.kind)
        line("bucket", storage.reference.bucket)
        line("objectKey", storage.reference.objectKey.text)
        line("contentType", storage.facts.contentType)
        line("byteCount", storage.facts.byteCount)
        line("sha256", storage.facts.sha256)
        if let width = storage.facts.width, let height = storage.facts.height { line("pixels", "\(width)x\(height)") }
    }

    private mutating func add(_ request: GeneratedImageRequest) {
        heading("request")
        line("prompt", request.prompt)
        line("model", request.model)
        line("size", request.size)
        line("quality", request.quality)
        line("background", request.background)
        line("outputFormat", request.outputFormat)
        line("seed", request.seed)
        line("extraParameters", request.extraParameters?.compactText)
    }

    private mutating func add(_ execution: ModelExecution?) {
        guard let execution else { return }
        heading("model execution")
        line("provider", execution.provider)
        line("imageGenerationMode", execution.imageGenerationMode?.rawValue)
        line("underlyingImageModel", execution.underlyingImageModel)
        line("hostedToolOutputType", execution.hostedToolOutputType)
        line("providerRequestId", execution.providerRequestId)
        line("revisedPrompt", execution.revisedPrompt)
    }

    private mutating func add(_ context: ArtifactContext) {
        let versions = context.versionContext
        guard !versions.isEmpty || !context.promptComposition.isEmpty else { return }
        heading("context")
        line("skillVersion", versions.skillVersion)
        line("promptVersion", versions.promptVersion)
        line("templateVersion", versions.templateVersion)
        for part in context.promptComposition {
            let origin = [part.source, part.version].compactMap { $0 }.joined(separator: " ")
            line("prompt \(part.role)", "\(origin.isEmpty ? "" : "[\(origin)] ")\(part.shown)")
        }
    }

    private mutating func add(_ admission: Admission?) {
        guard let admission else { return }
        heading("admission")
        line("imageGenerationSupport", admission.imageGenerationSupport.rawValue)
        line("catalogueRevision", admission.catalogueRevision)
    }

    private mutating func add(_ usage: Usage?, _ artifact: GeneratedImageArtifact) {
        guard artifact.status != .pending else { return }
        let usage = usage ?? Usage()
        heading("usage")
        line("inputTokens", usage.inputTokens)
        line("inputTextTokens", usage.inputTextTokens)
        line("inputImageTokens", usage.inputImageTokens)
        line("cachedInputTokens", usage.cachedInputTokens)
        line("cachedInputTextTokens", usage.cachedInputTextTokens)
        line("cachedInputImageTokens", usage.cachedInputImageTokens)
        line("cacheWriteInputTokens", usage.cacheWriteInputTokens)
        line("outputTokens", usage.outputTokens)
        line("outputTextTokens", usage.outputTextTokens)
        line("outputImageTokens", usage.outputImageTokens)
        line("totalTokens", usage.totalTokens)
        line("imageCount", usage.imageCount)
        line("durationMs", usage.durationMs)
        line("cost", artifact.cost.map(Self.money))
        line("costSource", artifact.costSource?.rawValue)
        line("priceRevision", usage.cost == nil ? artifact.computedCost?.catalogueRevision : nil)
        line("included in", usage.includedInArtifactId?.text)
    }

    /// Exact: the millionths behind the point, without trailing zeros beyond cents.
    static func money(_ cost: Cost) -> String {
        "\(DecimalMicros.text(cost.micros, decimals: 2)) \(cost.currency)"
    }
}
