/// Compares a bucket with the database in both directions, a page at a time, and writes down what it finds.
///
/// It only reads: the database in short transactions between the calls of the storage, the storage without changing it.
struct ObjectCheck: Sendable {
    /// Artifacts between two checkpoints.
    private static let artifactPage = 1000

    let repository: ArtifactRepository
    let storage: any ObjectStorage
    let options: ObjectCheckOptions
    let progress: ProgressReporter

    private var bucket: BucketName { storage.bucketName }

    func run(to target: StorePath) async throws -> ObjectCheckReport {
        let mark = try await repository.historyMark()
        let fresh = PlanHeader(
            store: mark.identity, lastEvent: mark.lastEvent, bucket: bucket, createdAt: repository.now(),
            gracePeriod: options.gracePeriod, keepsQuarantined: options.keepsQuarantined,
            readsBytes: options.readsBytes, pageSize: options.pageSize)
        let calls = repository.options.calls
        var (draft, checkpoint) = try await BlockingWork.run { try PlanDraft.open(target, fresh, calls) }
        defer { draft.release() }
        while true {
            try Task.checkCancellation()
            let findings: [ObjectFinding]
            switch checkpoint.position {
            case .objects(let cursor): findings = try await checkObjects(after: cursor, draft.header, &checkpoint)
            case .artifacts(let sequence):
                guard let found = try await checkArtifacts(after: sequence, &checkpoint) else {
                    let (last, counts) = (draft, checkpoint.counts)
                    try await BlockingWork.run { try last.publish(counts) }
                    return ObjectCheckReport(
                        plan: target.text, counts: counts, wasResumed: draft.wasResumed,
                        beganAt: draft.header.createdAt)
                }
                findings = found
            }
            for finding in findings { checkpoint.counts.add(finding) }
            let (former, reached) = (draft, checkpoint)
            draft = try await BlockingWork.run { try former.appending(findings, reached) }
        }
    }

    // MARK: - From the bucket to the database

    private func checkObjects(
        after cursor: String?, _ header: PlanHeader, _ checkpoint: inout PlanCheckpoint
    ) async throws -> [ObjectFinding] {
        let page = try await storage.list(after: cursor, limit: header.pageSize)
        // Asked after the page was there: what was completed meanwhile is referenced by now.
        let standings = try await repository.standings(of: page.objects.map(\.key), in: bucket)
        let quarantined = page.objects.map { QuarantinedKey($0.key) }
        let originals = try await repository.standings(of: quarantined.compactMap { $0?.original.text }, in: bucket)
        var findings: [ObjectFinding] = []
        var rest = originals[...]
        for (index, object) in page.objects.enumerated() {
            let original = quarantined[index].flatMap { key in rest.popFirst().map { (key, $0) } }
            switch standings[index] {
            case .referenced: break
            case .beingRemoved: checkpoint.counts.removingCount += 1
            case .claimed(let id, let expiry):
                if header.isPastGrace(max(expiry, object.modifiedAt), at: header.createdAt) {
                    findings.append(ObjectFinding(.unfinishedObject, object, id))
                } else {
                    checkpoint.counts.recentCount += 1
                }
            case .released(let id):
                if header.isPastGrace(object.modifiedAt, at: header.createdAt) {
                    findings.append(ObjectFinding(.unreferencedObject, object, id, action: .quarantine))
                } else {
                    checkpoint.counts.recentCount += 1
                }
            case .foreign:
                if let (key, standing) = original {
                    findings.append(try await checkQuarantined(object, key, standing, header))
                } else {
                    findings.append(ObjectFinding(.foreignObject, object))
                }
            }
        }
        checkpoint.counts.objectCount += page.objects.count
        checkpoint.position = page.next.map { .objects(after: $0) } ?? .artifacts(after: 0)
        progress.report(.listing, "listing objects", Int64(checkpoint.counts.objectCount))
        return findings
    }

    private func checkQuarantined(
        _ object: ListedObject, _ key: QuarantinedKey, _ original: ObjectStanding, _ header: PlanHeader
    ) async throws -> ObjectFinding {
        switch original {
        case .referenced(let stored):
            let byteCount = try await storage.head(key.original)
            var finding = ObjectFinding(.restorableObject, object, stored.artifactId)
            finding.recordedByteCount = stored.byteCount
            // Moving back never replaces anything: where the same bytes are there already, it takes this copy away.
            if object.byteCount == stored.byteCount ?? object.byteCount,
                byteCount ?? object.byteCount == object.byteCount
            {
                finding.action = .restore
            }
            return finding
        case .released(let id):
            let isOver = header.isPastKeeping(key, object, at: header.createdAt)
            return ObjectFinding(.quarantinedObject, object, id, action: isOver ? .delete : nil)
        case .claimed(let id, _): return ObjectFinding(.quarantinedObject, object, id)
        // Of a deleted artifact: its record is gone, and what leads to it is its history.
        case .beingRemoved, .foreign: return ObjectFinding(.quarantinedObject, object)
        }
    }

    // MARK: - From the database to the bucket

    /// Nil behind the last artifact.
    private func checkArtifacts(
        after sequence: Int64, _ checkpoint: inout PlanCheckpoint
    ) async throws -> [ObjectFinding]? {
        let page = try await repository.storedObjects(
            after: sequence, limit: min(Self.artifactPage, options.pageSize))
        guard let last = page.last?.sequence else { return nil }
        let here = page.filter { $0.reference.bucketName == bucket }
        let inspection = ObjectInspection(repository: repository, readsBytes: options.readsBytes)
        let findings = try await here.concurrentMap(atOnce: inspection.atOnce) { [storage] in
            try await inspection.finding($0, in: storage)
        }
        checkpoint.counts.artifactCount += here.count
        checkpoint.counts.elsewhereCount += page.count - here.count
        checkpoint.position = .artifacts(after: last)
        progress.report(
            .verifying, options.readsBytes ? "reading objects" : "looking up objects",
            Int64(checkpoint.counts.artifactCount))
        return findings.compactMap(\.self)
    }
}
