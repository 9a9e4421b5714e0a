extension ArtifactStore {
    /// The usual way: records the artifact as pending, calls your provider, stores the bytes, records the result.
    ///
    /// The artifact ends `completed` or `failed`; an error thrown by `generate` never leaves it pending. An
    /// ``ArtifactFailure`` thrown there is recorded as it is; any other error is recorded as `generation_failed` (its
    /// type only, since descriptions may hold secrets) and thrown on. A finished artifact under the same key is
    /// returned without calling `generate`.
    ///
    /// If the answer holds several images, each becomes an artifact of the run; this returns the first, and
    /// ``produceAll(_:for:idempotencyKey:context:claimDuration:generate:)`` all.
    ///
    /// - Throws: ``StoreError`` `invalidInput`, `conflict`, `claimHeld`, `claimLost`, `busy`, `outcomeUnknown`;
    ///   `providerOutcomeUnknown` when the answer says so (the artifact stays pending until its claim expires); and
    ///   what `generate` throws.
    public func produce(
        _ request: GeneratedImageRequest, for run: String, idempotencyKey: String? = nil,
        context: ArtifactContext = ArtifactContext(), claimDuration: Duration? = nil,
        generate: (Claim) async throws -> ProviderAnswer
    ) async throws -> GeneratedImageArtifact {
        let artifacts = try await produceAll(
            request, for: run, idempotencyKey: idempotencyKey, context: context, claimDuration: claimDuration,
            generate: generate)
        guard let first = artifacts.first else { throw Self.emptyAnswer }
        return first
    }

    /// Like ``produce(_:for:idempotencyKey:context:claimDuration:generate:)``, for answers with several images: one
    /// artifact each, in the answer's order.
    ///
    /// The second and further artifacts have the idempotency key with `#2`, `#3`, … behind it. The answer's usage is
    /// recorded once, on the first; the others name it in ``Usage/includedInArtifactId``.
    ///
    /// - Throws: As ``produce(_:for:idempotencyKey:context:claimDuration:generate:)``.
    public func produceAll(
        _ request: GeneratedImageRequest, for run: String, idempotencyKey: String? = nil,
        context: ArtifactContext = ArtifactContext(), claimDuration: Duration? = nil,
        generate: (Claim) async throws -> ProviderAnswer
    ) async throws -> [GeneratedImageArtifact] {
        let first: Claim
        switch try await begin(
            request, for: run, idempotencyKey: idempotencyKey, context: context, claimDuration: claimDuration)
        {
        case .created(let claim), .takenOver(let claim): first = claim
        case .replayed(let artifact): return try await replay(artifact, run, idempotencyKey)
        }
        let answer = try await self.answer(to: first, generate)
        guard case .finished(let results) = answer.outcome else {
            throw Self.unknownOutcome(answer.outcome, first)
        }
        guard (1...Self.largestAnswer).contains(results.count) else {
            let failure = ArtifactFailure.generationFailed(
                "the provider's answer held \(results.count) images, not 1 to \(Self.largestAnswer)")
            try await fail(first, failure, execution: answer.execution, usage: answer.usage)
            return [try await artifact(first.artifactId)]
        }
        // All are pending before the first is finished: after a crash none of a paid answer's images is forgotten.
        var claims = [first]
        for number in results.indices.dropFirst() {
            let key = idempotencyKey.map { "\($0)#\(number + 1)" }
            let beginning = try await begin(
                request, run: run, key: key, context: context, artifactId: nil, claimDuration: claimDuration)
            claims.append(try beginning.claim)
        }
        var artifacts: [GeneratedImageArtifact] = []
        for (index, (claim, result)) in zip(claims, results).enumerated() {
            let usage = index == 0 ? answer.usage : Usage.included(in: first.artifactId)
            try await record(result, claim, answer.execution, usage)
            artifacts.append(try await artifact(claim.artifactId))
        }
        return artifacts
    }

    /// The most images recorded of one answer. Providers give 10 at most; a hostile list may name thousands.
    public static let largestAnswer = 64

    private func replay(
        _ first: GeneratedImageArtifact, _ run: String, _ key: String?
    ) async throws -> [GeneratedImageArtifact] {
        var artifacts = [first]
        while let key, let next = try await repository.artifact(run: run, key: "\(key)#\(artifacts.count + 1)") {
            artifacts.append(next)
        }
        return artifacts
    }

    private func answer(
        to claim: Claim, _ generate: (Claim) async throws -> ProviderAnswer
    ) async throws -> ProviderAnswer {
        do {
            return try await generate(claim)
        } catch let failure as ArtifactFailure {
            return ProviderAnswer(
                outcome: .finished([.failed(failure)]), execution: ModelExecution(provider: "unknown"))
        } catch {
            let failure = ArtifactFailure(
                .generationFailed, "the provider call threw \(type(of: error))",
                recoveryGuidance: "Look for the error in the host's own log. The provider may have made and billed an"
                    + " image; then begin again with a new idempotency key.")
            // In a task of its own: the caller's may be cancelled, and the artifact must not stay pending. If even
            // this fails, the claim expires and sweep does it.
            _ = await Task { try await fail(claim, failure) }.result
            throw error
        }
    }

    private func record(
        _ result: ImageResult, _ claim: Claim, _ execution: ModelExecution, _ usage: Usage?
    ) async throws {
        switch result {
        case .failed(let failure):
            try await fail(claim, failure, execution: execution, usage: usage)
        case .image(let image):
            var execution = execution
            execution.revisedPrompt = image.revisedPrompt ?? execution.revisedPrompt
            do {
                try execution.validateForCompletion()
                try usage?.validate()
                let facts = try ImageFacts.describing(image.bytes)
                try await complete(claim, storing: image.bytes, facts: facts, execution: execution, usage: usage)
            } catch let error as StoreError where error.code == .invalidInput {
                try await fail(
                    claim, ArtifactFailure(.generationFailed, "the answer cannot be recorded: \(error.message)"))
            } catch let error as StoreError where Self.storageCodes.contains(error.code) {
                let failure = ArtifactFailure(.artifactStorageFailed, "the image could not be stored: \(error.message)")
                try await fail(claim, failure, execution: execution, usage: usage)
            }
        }
    }

    private static let storageCodes: [StoreError.Code] = [.objectStorage, .objectExists, .objectDamaged]

    private static let emptyAnswer = StoreError(
        .database, "no artifact was recorded", hint: "Report this: an answer always yields one.")

    private static func unknownOutcome(_ outcome: ProviderAnswer.Outcome, _ claim: Claim) -> StoreError {
        var reason = ""
        if case .unknown(let text) = outcome { reason = text }
        return StoreError(
            .providerOutcomeUnknown, "nobody knows whether the provider made the image: \(reason)",
            hint: "Do not ask again yet, it may be billed twice. The artifact stays pending until \(claim.expiresAt);"
                + " record the answer if it turns up, or let sweep fail it.",
            artifactId: claim.artifactId)
    }
}

extension Usage {
    fileprivate static func included(in artifactId: ArtifactID) -> Usage {
        var usage = Usage()
        usage.includedInArtifactId = artifactId
        return usage
    }
}
