/// How an artifact's row becomes a ``GeneratedImageArtifact``. The columns are read in the order they are named here.
enum ArtifactRow {
    static let columns = """
        sequence, artifactId, parentRunId, idempotencyKey, status, \
        storageKind, bucket, objectKey, contentType, byteCount, sha256, width, height, \
        prompt, requestedModel, size, quality, background, outputFormat, seed, extraParameters, \
        provider, imageGenerationMode, underlyingImageModel, hostedToolOutputType, providerRequestId, revisedPrompt, \
        skillVersion, promptVersion, templateVersion, \
        \(counts), providerUsage, includedInArtifactId, \(failureColumns), \
        claimOwner, fencingToken, claimExpiresAt, createdAt, completedAt, imageGenerationSupport, catalogueRevision
        """
    private static let counts = """
        inputTokens, inputTextTokens, inputImageTokens, cachedInputTokens, cachedInputTextTokens, \
        cachedInputImageTokens, cacheWriteInputTokens, outputTokens, outputTextTokens, \
        outputImageTokens, totalTokens, imageCount, durationMs, costMicros, costCurrency
        """
    /// The token counts, which sums are made of: those above but for the last four.
    static let tokenColumns = counts.split(separator: ", ").dropLast(4).map(String.init)
    private static let failureColumns = """
        failureType, failureMessage, failureRecoveryGuidance, failureRetryable, failureRetryAfter, failureAction, \
        failureProviderCode
        """
    /// How many they are: further columns of a statement come behind them.
    static let count = Int32(columns.split(separator: ",").count)

    /// - Parameter details: What other tables hold of the artifact.
    static func decode(_ row: PreparedStatement.Row, _ details: ArtifactDetails) throws -> GeneratedImageArtifact {
        var columns = Columns(row)
        let sequence = columns.int64()
        return GeneratedImageArtifact(
            sequence: sequence,
            artifactId: ArtifactID(try columns.text()),
            parentRunId: try columns.text(),
            idempotencyKey: try columns.optionalText(),
            status: try columns.required(),
            storage: try storage(&columns),
            request: try request(&columns),
            modelExecution: try execution(&columns),
            context: ArtifactContext(
                promptComposition: try details.promptParts(of: sequence), versionContext: try versions(&columns)),
            usage: try usage(&columns),
            failure: try failure(&columns),
            claim: ClaimRecord(
                owner: try columns.text(), fencingToken: columns.int64(), expiresAt: columns.timestamp()),
            createdAt: columns.timestamp(),
            completedAt: columns.optionalInt64().map(Timestamp.init(clamping:)),
            admission: try admission(&columns),
            computedCost: try details.computedCost(of: sequence))
    }

    static func admission(_ columns: inout Columns) throws -> Admission? {
        let support: DeclaredSupport? = try columns.optional()
        let revision = columns.optionalInt64()
        return support.map { Admission(imageGenerationSupport: $0, catalogueRevision: revision) }
    }

    /// What a summary of failures reads of a row: prompts, which make rows long, stay on the disk.
    static let failureSummaryColumns =
        "sequence, artifactId, requestedModel, provider, \(failureColumns), completedAt"

    static func decodeFailureSummary(_ row: PreparedStatement.Row) throws -> FailureEntry {
        var columns = Columns(row)
        columns.skip(1)
        return FailureEntry(
            artifactId: ArtifactID(try columns.text()), requestedModel: try columns.text(),
            provider: try columns.optionalText(), failure: try failure(&columns),
            completedAt: columns.optionalInt64().map(Timestamp.init(clamping:)))
    }

    private static func request(_ columns: inout Columns) throws -> GeneratedImageRequest {
        GeneratedImageRequest(
            prompt: try columns.text(), model: try columns.text(), size: try columns.optionalText(),
            quality: try columns.optionalText(), background: try columns.optionalText(),
            outputFormat: try columns.optionalText(), seed: columns.optionalInt64(),
            extraParameters: try columns.optionalJSON())
    }

    static func versions(_ columns: inout Columns) throws -> VersionContext {
        VersionContext(
            skillVersion: try columns.optionalText(), promptVersion: try columns.optionalText(),
            templateVersion: try columns.optionalText())
    }

    private static func storage(_ columns: inout Columns) throws -> ArtifactStorage? {
        guard let kind = try columns.optionalText() else {
            columns.skip(7)
            return nil
        }
        return ArtifactStorage(
            reference: StorageReference(
                kind: kind, bucket: try columns.text(), objectKey: ObjectKey(trusted: try columns.text())),
            facts: ImageFacts(
                contentType: try columns.optionalText(), byteCount: columns.optionalInt64(),
                sha256: try columns.optionalText(), width: columns.optionalInt64(), height: columns.optionalInt64()))
    }

    private static func execution(_ columns: inout Columns) throws -> ModelExecution? {
        guard let provider = try columns.optionalText() else {
            columns.skip(5)
            return nil
        }
        return ModelExecution(
            provider: provider, imageGenerationMode: try columns.optional(),
            underlyingImageModel: try columns.optionalText(), hostedToolOutputType: try columns.optionalText(),
            providerRequestId: try columns.optionalText(), revisedPrompt: try columns.optionalText())
    }

    private static func usage(_ columns: inout Columns) throws -> Usage? {
        var usage = Usage()
        tokens(&columns, &usage)
        usage.imageCount = columns.optionalInt64()
        usage.durationMs = columns.optionalInt64()
        let micros = columns.optionalInt64()
        let currency = try columns.optionalText()
        if let micros, let currency { usage.cost = Cost(micros: micros, currency: currency) }
        usage.providerUsage = try columns.optionalJSON()
        usage.includedInArtifactId = try columns.optionalText().map { ArtifactID($0) }
        return usage.isEmpty ? nil : usage
    }

    static func tokens(_ columns: inout Columns, _ usage: inout Usage) {
        usage.inputTokens = columns.optionalInt64()
        usage.inputTextTokens = columns.optionalInt64()
        usage.inputImageTokens = columns.optionalInt64()
        usage.cachedInputTokens = columns.optionalInt64()
        usage.cachedInputTextTokens = columns.optionalInt64()
        usage.cachedInputImageTokens = columns.optionalInt64()
        usage.cacheWriteInputTokens = columns.optionalInt64()
        usage.outputTokens = columns.optionalInt64()
        usage.outputTextTokens = columns.optionalInt64()
        usage.outputImageTokens = columns.optionalInt64()
        usage.totalTokens = columns.optionalInt64()
    }

    private static func failure(_ columns: inout Columns) throws -> ArtifactFailure? {
        guard let type: ArtifactFailure.FailureType = try columns.optional() else {
            columns.skip(6)
            return nil
        }
        let message = try columns.text()
        let guidance = try columns.text()
        let retryable = columns.int64() != 0
        let retryAfter = columns.optionalInt64()
        return ArtifactFailure(
            type, message, recoveryGuidance: guidance, retryable: retryable, retryAfter: retryAfter,
            action: try columns.required(), providerCode: try columns.optionalText())
    }

    /// A row read from left to right.
    struct Columns {
        private let row: PreparedStatement.Row
        private var next: Int32 = 0

        init(_ row: PreparedStatement.Row) {
            self.row = row
        }

        mutating func skip(_ count: Int32) {
            next += count
        }

        mutating func int64() -> Int64 {
            defer { next += 1 }
            return row.int64(next)
        }

        mutating func optionalInt64() -> Int64? {
            defer { next += 1 }
            return row.optionalInt64(next)
        }

        mutating func timestamp() -> Timestamp {
            Timestamp(clamping: int64())
        }

        mutating func text() throws -> String {
            defer { next += 1 }
            return try row.text(next)
        }

        mutating func optionalText() throws -> String? {
            defer { next += 1 }
            return try row.optionalText(next)
        }

        mutating func optional<Value: RawRepresentable<String>>() throws -> Value? {
            defer { next += 1 }
            return try row.word(next)
        }

        mutating func required<Value: RawRepresentable<String>>() throws -> Value {
            guard let value: Value = try optional() else {
                throw StoreError(
                    .database, "column \(next - 1) is empty",
                    hint: "Something else wrote to the file; compare it with a backup.")
            }
            return value
        }

        mutating func optionalJSON() throws -> JSONValue? {
            guard let text = try optionalText() else { return nil }
            do {
                return try JSONParser.parse(text)
            } catch {
                throw StoreError(
                    .database, "column \(next - 1) holds JSON that cannot be read: \(error)",
                    hint: "Something else wrote to the file; compare it with a backup.")
            }
        }
    }
}
