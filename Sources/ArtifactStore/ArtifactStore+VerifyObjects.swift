extension ArtifactStore {
    /// Finds the storage with a bucket's objects; nil when it is out of reach.
    public typealias FindingStorage = @Sendable (_ kind: String, _ bucket: String) throws -> (any ObjectStorage)?

    /// Reads the objects of completed artifacts, and compares size and SHA-256 with the records.
    ///
    /// - Parameters:
    ///   - filter: Of which artifacts. Those that are not completed have no object, and are passed over.
    ///   - storage: Where a bucket is.
    ///   - progress: Called after each page.
    ///   - damage: Called for each object that is missing or damaged, in the order of creation. What it throws ends the
    ///     call.
    /// - Throws: ``StoreError`` `objectStorage` when the storage cannot tell, `database`, or what `storage` throws; or
    ///   `CancellationError`.
    public func verifyObjects(
        where filter: ArtifactFilter = ArtifactFilter(), in storage: @escaping FindingStorage,
        progress: @escaping @Sendable (StoreProgress) -> Void = { _ in },
        damage: @escaping @Sendable (ObjectFinding) async throws -> Void
    ) async throws -> ObjectVerificationReport {
        var filter = filter
        filter.status = filter.status ?? .completed
        let reporter = ProgressReporter(progress)
        var report = ObjectVerificationReport()
        for try await page in artifacts(where: filter, order: .oldestFirst, pageSize: 100) {
            try await verify(page.artifacts, storage, &report, damage)
            reporter.report(.verifying, "reading objects", Int64(report.artifactCount))
        }
        return report
    }

    /// The same for artifacts by their ids.
    ///
    /// - Throws: ``StoreError`` `notFound` when there is no such artifact, or it has no object; before anything is read.
    public func verifyObjects(
        of ids: [ArtifactID], in storage: @escaping FindingStorage,
        damage: @escaping @Sendable (ObjectFinding) async throws -> Void
    ) async throws -> ObjectVerificationReport {
        var artifacts: [GeneratedImageArtifact] = []
        for id in ids {
            let artifact = try await artifact(id)
            guard artifact.storage != nil else {
                throw StoreError(
                    .notFound, "artifact \(id) is \(artifact.status.rawValue) and has no image",
                    hint: "Leave it out.", artifactId: id)
            }
            artifacts.append(artifact)
        }
        var report = ObjectVerificationReport()
        try await verify(artifacts, storage, &report, damage)
        return report
    }

    private func verify(
        _ artifacts: [GeneratedImageArtifact], _ storage: FindingStorage, _ report: inout ObjectVerificationReport,
        _ damage: (ObjectFinding) async throws -> Void
    ) async throws {
        var reached: [(StoredObject, any ObjectStorage)] = []
        for artifact in artifacts {
            guard let stored = artifact.storage else { continue }
            guard let found = try storage(stored.reference.kind, stored.reference.bucket) else {
                report.elsewhereCount += 1
                continue
            }
            report.artifactCount += 1
            if stored.facts.sha256 == nil { report.withoutDigestCount += 1 }
            let object = StoredObject(
                sequence: artifact.sequence, artifactId: artifact.artifactId, reference: stored.reference,
                byteCount: stored.facts.byteCount, sha256: stored.facts.sha256)
            reached.append((object, found))
        }
        let inspection = ObjectInspection(repository: repository, readsBytes: true)
        let findings = try await reached.concurrentMap(atOnce: inspection.atOnce) { object, storage in
            try await inspection.finding(object, in: storage)
        }
        for case let finding? in findings {
            report.damageCount += 1
            try await damage(finding)
        }
    }
}
