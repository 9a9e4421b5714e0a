extension ArtifactStore {
    /// The usual way: records the artifact as pending, calls your provider, stores the bytes, records the result.
    ///
    /// The artifact ends `completed` or `failed`; an error thrown by `generate` never leaves it pending, nor does
    /// cancelling the task once `generate` has returned. An ``ArtifactFailure`` thrown there is recorded as it is; any
    /// other error is recorded as `generation_failed` (its type only, since descriptions may hold secrets) and thrown
    /// on. A finished artifact under the same key is returned without calling `generate`, and so is one that failed at
    /// once because the catalogue does not admit the model.
    ///
    /// If the answer holds several images, each becomes an artifact of the run; this returns the first, and
    /// ``produceAll(_:for:idempotencyKey:context:claimDuration:isolation:generate:)`` all.
    ///
    /// - Throws: ``StoreError`` `invalidInput`, `conflict`, `claimHeld`, `claimLost`, `alreadyFinished`, `busy`,
    ///   `outcomeUnknown`; `providerOutcomeUnknown` when the answer says so (the artifact stays pending until its claim
    ///   expires); and what `generate` throws.
    public func produce(
        _ request: GeneratedImageRequest, for run: String, idempotencyKey: String? = nil,
        context: ArtifactContext = ArtifactContext(), claimDuration: Duration? = nil,
        isolation: isolated (any Actor)? = #isolation, generate: (Claim) async throws -> ProviderAnswer
    ) async throws -> GeneratedImageArtifact {
        try await produceParts(request, run, idempotencyKey, context, claimDuration, .asDeclared, generate: generate)
            .first
    }

    /// Like ``produce(_:for:idempotencyKey:context:claimDuration:isolation:generate:)``, for answers with several
    /// images: one artifact each, in the answer's order; at most ``largestAnswer``.
    ///
    /// The second and further artifacts have the idempotency key with `#2`, `#3`, … behind it. The answer's usage is
    /// recorded once, on the first; the others name it in ``Usage/includedInArtifactId``.
    ///
    /// - Throws: As ``produce(_:for:idempotencyKey:context:claimDuration:isolation:generate:)``.
    public func produceAll(
        _ request: GeneratedImageRequest, for run: String, idempotencyKey: String? = nil,
        context: ArtifactContext = ArtifactContext(), claimDuration: Duration? = nil,
        isolation: isolated (any Actor)? = #isolation, generate: (Claim) async throws -> ProviderAnswer
    ) async throws -> [GeneratedImageArtifact] {
        let (first, further) = try await produceParts(
            request, run, idempotencyKey, context, claimDuration, .asDeclared, generate: generate)
        return [first] + further
    }

    /// The most images recorded of one answer. Providers give 10 at most; a hostile list may name thousands.
    public static let largestAnswer = 64

    typealias Parts = (first: GeneratedImageArtifact, further: [GeneratedImageArtifact])

    func produceParts(
        _ request: GeneratedImageRequest, _ run: String, _ key: String?, _ context: ArtifactContext,
        _ claimDuration: Duration?, _ admission: AdmissionRule, isolation: isolated (any Actor)? = #isolation,
        generate: (Claim) async throws -> ProviderAnswer
    ) async throws -> Parts {
        let first: Claim
        switch try await begin(
            request, for: run, idempotencyKey: key, context: context, claimDuration: claimDuration,
            admission: admission)
        {
        case .created(let claim), .takenOver(let claim): first = claim
        case .refused(let artifact): return (artifact, [])
        case .replayed(let artifact): return (artifact, try await siblings(of: artifact, run, key))
        }
        let answer: ProviderAnswer
        do {
            answer = try await generate(first)
        } catch {
            let failure = error as? ArtifactFailure ?? Self.failure(thrown: error)
            // In a task of its own, here and below: the caller's may be cancelled, and the artifact must not stay
            // pending. If even this fails, the claim expires and sweep does it.
            let recording = await Task { try await record(failure, first, nil, nil) }.result
            guard error is ArtifactFailure else { throw error }
            try recording.get()
            return (try await artifact(first.artifactId), [])
        }
        return try await Task { try await record(answer, first, request, run, key, context) }.value
    }

    private static func failure(thrown error: any Error) -> ArtifactFailure {
        ArtifactFailure(
            .generationFailed, "the provider call threw \(type(of: error))",
            recoveryGuidance: "Look for the error in the host's own log. The provider may have made and billed an"
                + " image; then begin again with a new idempotency key.")
    }

    private func siblings(
        of first: GeneratedImageArtifact, _ run: String, _ key: String?
    ) async throws -> [GeneratedImageArtifact] {
        var siblings: [GeneratedImageArtifact] = []
        while let key,
            let next = try await repository.artifact(run: run, key: Self.siblingKey(key, siblings.count + 2))
        {
            siblings.append(next)
        }
        return siblings
    }

    private static func siblingKey(_ key: String, _ number: Int) -> String {
        "\(key)#\(number)"
    }

    // MARK: - Recording an answer

    private func record(
        _ answer: ProviderAnswer, _ first: Claim, _ request: GeneratedImageRequest, _ run: String, _ key: String?,
        _ context: ArtifactContext
    ) async throws -> Parts {
        guard case .finished(let results) = answer.outcome else {
            throw Self.unknownOutcome(answer.outcome, first)
        }
        guard let result = results.first, results.count <= Self.largestAnswer else {
            let failure = ArtifactFailure.generationFailed(
                "the provider's answer held \(results.count) images, not 1 to \(Self.largestAnswer)")
            try await record(failure, first, answer.execution, answer.usage)
            return (try await artifact(first.artifactId), [])
        }
        let siblings = try await begin(results.count - 1, siblingsOf: first, request, run, key, context)
        // Every image is tried, whatever becomes of the others. The first ends last: as long as it is pending,
        // repeating the call does not mistake a part for the whole.
        var problem: (any Error)?
        for (sibling, result) in zip(siblings, results.dropFirst()) {
            guard case .claimed(let claim) = sibling else { continue }
            do {
                try await record(result, claim, answer.execution, Usage.included(in: first.artifactId))
            } catch {
                problem = problem ?? error
            }
        }
        try await record(result, first, answer.execution, answer.usage)
        if let problem { throw problem }
        var further: [GeneratedImageArtifact] = []
        for sibling in siblings { further.append(try await artifact(sibling.artifactId)) }
        return (try await artifact(first.artifactId), further)
    }

    /// A further image of an answer.
    private enum Sibling {
        case claimed(Claim)
        /// Finished by an earlier attempt, which did not get to the first image.
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
    /// all; where somebody else holds one all the same, the image gets an artifact without a key.
    private func begin(
        _ count: Int, siblingsOf first: Claim, _ request: GeneratedImageRequest, _ run: String, _ key: String?,
        _ context: ArtifactContext
    ) async throws -> [Sibling] {
        var siblings: [Sibling] = []
        for number in 0..<count {
            func begin(_ key: String?) async throws -> Beginning {
                let left = first.expiresAt.milliseconds - repository.now().milliseconds
                return try await self.begin(
                    request, run: run, key: key, context: context, artifactId: nil,
                    claimDuration: .milliseconds(max(left, 1)), admission: .like(first.artifactId))
            }
            let beginning: Beginning
            do {
                beginning = try await begin(key.map { Self.siblingKey($0, number + 2) })
            } catch let error as StoreError where error.code == .claimHeld || error.code == .conflict {
                beginning = try await begin(nil)
            }
            switch beginning {
            case .created(let claim), .takenOver(let claim): siblings.append(.claimed(claim))
            case .replayed(let artifact), .refused(let artifact): siblings.append(.finished(artifact.artifactId))
            }
        }
        return siblings
    }

    private func record(
        _ result: ImageResult, _ claim: Claim, _ execution: ModelExecution, _ usage: Usage?
    ) async throws {
        switch result {
        case .failed(let failure): try await record(failure, claim, execution, usage)
        case .image(let image):
            var execution = execution
            execution.revisedPrompt = image.revisedPrompt ?? execution.revisedPrompt
            let facts: ImageFacts
            do {
                try execution.validateForCompletion()
                try usage?.validate()
                facts = try ImageFacts.describing(image.bytes)
            } catch {
                let failure = ArtifactFailure.generationFailed("the answer cannot be recorded: \(error.message)")
                return try await record(failure, claim, execution, usage)
            }
            let reference: StorageReference
            do {
                reference = try await store(image.bytes, facts, for: claim)
            } catch {
                let failed = error as? StoreError
                let failure =
                    failed?.failure
                    ?? .artifactStorageFailed("the image was not stored: \(failed?.message ?? "\(type(of: error))")")
                return try await record(failure, claim, execution, usage)
            }
            try await finish(claim, .completed(ArtifactStorage(reference: reference, facts: facts), execution, usage))
        }
    }

    /// Records a failure, leaving out what the record could not hold: the artifact must not stay pending for it.
    private func record(
        _ failure: ArtifactFailure, _ claim: Claim, _ execution: ModelExecution?, _ usage: Usage?
    ) async throws {
        var failure = failure
        do {
            try failure.validate()
        } catch {
            failure = ArtifactFailure(failure.type, "the failure cannot be recorded as it was given: \(error.message)")
        }
        let execution = execution.flatMap { (try? $0.validate()) == nil ? nil : $0 }
        let usage = usage.flatMap { (try? $0.validate()) == nil ? nil : $0 }
        try await finish(claim, .failed(failure, execution, usage))
    }

    private static func unknownOutcome(_ outcome: ProviderAnswer.Outcome, _ claim: Claim) -> StoreError {
        var reason = ""
        if case .unknown(let text) = outcome { reason = text }
        return StoreError(
            .providerOutcomeUnknown, "nobody knows whether the provider made the image: \(reason)",
            hint:
                "Do not ask again yet, it may be billed twice. The artifact stays pending until \(claim.expiresAt): from"
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
