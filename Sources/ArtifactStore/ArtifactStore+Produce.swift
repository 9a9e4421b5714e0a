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
        let siblings = try await begin(results.count - 1, siblingsOf: first, request, context, run, idempotencyKey)
        // The first ends last: as long as it is pending, repeating the call does not mistake a part for the whole.
        for (sibling, result) in zip(siblings, results.dropFirst()) {
            guard case .claimed(let claim) = sibling else { continue }
            try await record(result, claim, answer.execution, Usage.included(in: first.artifactId))
        }
        if let result = results.first { try await record(result, first, answer.execution, answer.usage) }
        var artifacts = [try await artifact(first.artifactId)]
        for sibling in siblings { artifacts.append(try await artifact(sibling.artifactId)) }
        return artifacts
    }

    /// A further image of an answer.
    private enum Sibling {
        case claimed(Claim)
        /// Finished by an earlier attempt at the same answer, which did not get to the first.
        case finished(ArtifactID)

        var artifactId: ArtifactID {
            switch self {
            case .claimed(let claim): claim.artifactId
            case .finished(let id): id
            }
        }
    }

    /// Claims the artifacts of an answer's further images, all before any is finished: after a crash none of a paid
    /// answer's images is forgotten. Their claims end with the first one's, so that whoever takes that over gets them
    /// all.
    private func begin(
        _ count: Int, siblingsOf first: Claim, _ request: GeneratedImageRequest, _ context: ArtifactContext, _ run: String,
        _ key: String?
    ) async throws -> [Sibling] {
        var siblings: [Sibling] = []
        for number in 0..<count {
            let left = first.expiresAt.milliseconds - repository.now().milliseconds
            let beginning = try await begin(
                request, run: run, key: key.map { Self.siblingKey($0, number + 2) }, context: context,
                artifactId: nil, claimDuration: .milliseconds(max(left, 1)))
            switch beginning {
            case .created(let claim), .takenOver(let claim): siblings.append(.claimed(claim))
            case .replayed(let artifact): siblings.append(.finished(artifact.artifactId))
            }
        }
        return siblings
    }

    private static func siblingKey(_ key: String, _ number: Int) -> String {
        "\(key)#\(number)"
    }

    /// The most images recorded of one answer. Providers give 10 at most; a hostile list may name thousands.
    public static let largestAnswer = 64

    private func replay(
        _ first: GeneratedImageArtifact, _ run: String, _ key: String?
    ) async throws -> [GeneratedImageArtifact] {
        var artifacts = [first]
        while let key,
            let next = try await repository.artifact(run: run, key: Self.siblingKey(key, artifacts.count + 1))
        {
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
            hint: "Do not ask again yet, it may be billed twice. The artifact stays pending until \(claim.expiresAt): from"
                + " then on the same key takes it over to record an answer that turned up, or sweep fails it.",
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
