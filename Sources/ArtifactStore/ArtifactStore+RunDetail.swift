extension ArtifactStore {
    /// The most artifacts of one run that ``runDetail(_:)`` reads.
    public static let largestRunDetail = 10_000

    /// Everything the store knows about a run, from one snapshot.
    ///
    /// - Throws: ``StoreError`` `notFound` when the run has no artifact, `invalidInput` when it has more than
    ///   ``largestRunDetail`` (list them in pages), `database`.
    public func runDetail(_ run: String) async throws -> RunDetail {
        let (artifacts, deletedCarriers) = try await repository.artifacts(ofRun: run, limit: Self.largestRunDetail + 1)
        guard !artifacts.isEmpty else {
            throw StoreError(.notFound, "no artifact belongs to run \(run)", hint: "Check the run id and the database.")
        }
        guard artifacts.count <= Self.largestRunDetail else {
            throw StoreError(
                .invalidInput, "run \(run) has more than \(Self.largestRunDetail) artifacts",
                hint: "List them in pages, filtered by the run.")
        }
        return try RunDetail(parentRunId: run, artifacts: artifacts, withoutUsageOf: deletedCarriers)
    }
}

extension RunDetail {
    /// Derives everything from the artifacts of one run.
    ///
    /// - Parameter gone: Deleted artifacts that carried the usage of others: from then on nobody knows it.
    init(
        parentRunId: String, artifacts: [GeneratedImageArtifact], withoutUsageOf gone: Set<ArtifactID>
    ) throws(StoreError) {
        var counts = StatusCounts()
        var models: [ModelUse] = []
        var versions: [VersionContext] = []
        var usage = UsageTotals()
        var failures: [RunFailure] = []
        for artifact in artifacts {
            counts.add(artifact.status)
            models.add(artifact)
            let inForce = artifact.context.versionContext
            if !inForce.isEmpty, !versions.contains(inForce) { versions.append(inForce) }
            var own = artifact.usage
            if let cost = artifact.cost { own = own ?? Usage(); own?.cost = cost }
            if let carrier = own?.includedInArtifactId, gone.contains(carrier) { own?.includedInArtifactId = nil }
            try usage.add(own, of: artifact.status)
            if let failure = artifact.failure {
                failures.append(RunFailure(artifactId: artifact.artifactId, failure: failure))
            }
        }
        self.init(
            parentRunId: parentRunId, artifacts: artifacts, counts: counts, models: models, versions: versions,
            usage: usage, failures: failures)
    }
}

extension StatusCounts {
    mutating func add(_ status: ArtifactStatus, _ count: Int = 1) {
        switch status {
        case .pending: pending += count
        case .completed: completed += count
        case .failed: failed += count
        }
    }
}

extension [ModelUse] {
    fileprivate mutating func add(_ artifact: GeneratedImageArtifact) {
        let execution = artifact.modelExecution
        let index = firstIndex { use in
            use.requestedModel == artifact.request.model && use.provider == execution?.provider
                && use.imageGenerationMode == execution?.imageGenerationMode
                && use.underlyingImageModel == execution?.underlyingImageModel
                && use.hostedToolOutputType == execution?.hostedToolOutputType
        }
        if let index {
            self[index].artifactCount += 1
        } else {
            append(
                ModelUse(
                    requestedModel: artifact.request.model, provider: execution?.provider,
                    imageGenerationMode: execution?.imageGenerationMode,
                    underlyingImageModel: execution?.underlyingImageModel,
                    hostedToolOutputType: execution?.hostedToolOutputType, artifactCount: 1))
        }
    }
}
