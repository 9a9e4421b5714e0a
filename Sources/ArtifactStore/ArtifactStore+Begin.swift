extension ArtifactStore {
    /// Records that an image is asked for, before the provider is called, and claims it.
    ///
    /// With an idempotency key (or a repeated `artifactId`) the run gets one artifact however often this is called: a
    /// finished one is replayed, one whose claim expired is taken over. The request must be the same; its context is
    /// not compared.
    ///
    /// The model catalogue is asked first: a model that is declared to make no images gives an artifact that fails at
    /// once (``Beginning/refused(_:)``), and so does an unknown one under ``StoreOptions/unknownModels`` `refuse`. The
    /// artifact keeps the catalogue revision and what it said (``GeneratedImageArtifact/admission``).
    ///
    /// - Parameters:
    ///   - run: The skill run, 1 to 256 bytes.
    ///   - idempotencyKey: The run's own name for this image, 1 to 240 bytes, not ending with `#` and a number.
    ///   - artifactId: An id of the host's making. Needed only to repeat a call that ended in `outcomeUnknown`
    ///     without a key; this process then gets its own live claim back.
    ///   - claimDuration: How long the claim lasts, one millisecond to 30 days. Nil takes the store's usual one.
    /// - Throws: ``StoreError`` `invalidInput`, `conflict` (key or id belong to another request), `claimHeld` (with
    ///   ``StoreError/holder``), `busy`, `outcomeUnknown`.
    public func begin(
        _ request: GeneratedImageRequest, for run: String, idempotencyKey: String? = nil,
        context: ArtifactContext = ArtifactContext(), artifactId: ArtifactID? = nil, claimDuration: Duration? = nil
    ) async throws -> Beginning {
        try await begin(
            request, for: run, idempotencyKey: idempotencyKey, context: context, artifactId: artifactId,
            claimDuration: claimDuration, admission: .asDeclared)
    }

    func begin(
        _ request: GeneratedImageRequest, for run: String, idempotencyKey: String?, context: ArtifactContext,
        artifactId: ArtifactID? = nil, claimDuration: Duration?, admission: AdmissionRule
    ) async throws -> Beginning {
        try TextRule.check(idempotencyKey, "idempotencyKey", atMost: TextLimit.idempotencyKey)
        if let idempotencyKey, Self.isSiblingKey(idempotencyKey) {
            throw StoreError.invalid(
                "idempotencyKey", "ends with # and a number",
                hint: "Such keys name the further images of one answer; choose another ending.")
        }
        return try await begin(
            request, run: run, key: idempotencyKey, context: context, artifactId: artifactId,
            claimDuration: claimDuration, admission: admission)
    }

    func begin(
        _ request: GeneratedImageRequest, run: String, key: String?, context: ArtifactContext,
        artifactId: ArtifactID?, claimDuration: Duration?, admission: AdmissionRule
    ) async throws -> Beginning {
        try TextRule.check(run, "parentRunId")
        try request.validate()
        try context.validate()
        if let artifactId { try TextRule.check(artifactId.text, "artifactId", atMost: TextLimit.artifactId) }
        let id = artifactId ?? repository.options.makeArtifactID(repository.now())
        do {
            return try await repository.begin(
                BeginningRequest(
                    request: request, context: context, parentRunId: run, idempotencyKey: key, artifactId: id,
                    isRepeatable: artifactId != nil, owner: owner, claimDuration: try checked(claimDuration),
                    fingerprint: request.fingerprint, extraParameters: request.extraParameters?.compactText,
                    admission: admission))
        } catch var error as StoreError where error.code == .outcomeUnknown {
            error.artifactId = id
            throw error
        }
    }

    private static func isSiblingKey(_ key: String) -> Bool {
        let digits = key.utf8.reversed().prefix { (0x30...0x39).contains($0) }
        return !digits.isEmpty && key.utf8.dropLast(digits.count).last == UInt8(ascii: "#")
    }

    func checked(_ claimDuration: Duration?) throws(StoreError) -> Duration {
        let duration = claimDuration ?? repository.options.claimDuration
        guard duration >= .milliseconds(1), duration <= .seconds(2_592_000) else {
            throw .invalid("claimDuration", "is \(duration)", hint: "Give one millisecond to 30 days.")
        }
        return duration
    }
}

extension GeneratedImageRequest {
    /// A digest of everything that was asked, equal for equal requests whatever the order of extra parameters.
    var fingerprint: String {
        SHA256Hex.of(json.canonicalText.utf8)
    }
}
