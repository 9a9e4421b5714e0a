/// Applies a plan, a page of it at a time.
struct PlanApplication: Sendable {
    /// So many objects may always be touched: of a small bucket, one is a large share.
    static let alwaysAllowed = 10
    /// Items at once.
    private static let atOnce = 8
    /// So many failures of object storage mean that it is out of reach.
    private static let mostFailures = 10

    let repository: ArtifactRepository
    let storage: any ObjectStorage
    let maximumShare: Double
    let progress: ProgressReporter
    let outcome: @Sendable (ObjectPlanOutcome) async throws -> Void

    func run(_ path: StorePath) async throws -> ObjectPlanReport {
        let calls = repository.options.calls
        let (file, header, counts) = try await BlockingWork.run {
            try StoreError.naming("read the plan \(path.text)", as: .database) {
                let file = try PlanReader.open(path.text, calls)
                let (header, counts) = try PlanReader.check(file, calls)
                return (file, header, counts)
            }
        }
        try await accept(header, counts)
        let total = Int64(counts.actions.values.reduce(0, +))
        var report = ObjectPlanReport()
        var group = PlanGroup(reader: PlanReader(file, calls))
        while true {
            let former = group
            guard let next = try await BlockingWork.run({ try former.next() }) else { return report }
            group = next
            try await apply(group, header, &report)
            progress.report(.applying, "applying", Int64(report.results.values.reduce(0, +)), of: total)
        }
    }

    // MARK: - Whether it may be applied at all

    private func accept(_ header: PlanHeader, _ counts: ObjectCheckCounts) async throws {
        let mark = try await repository.historyMark()
        guard header.store == mark.identity else {
            throw StoreError.badPlan("is another store's", hint: "Name the database it was made for.")
        }
        guard header.lastEvent <= mark.lastEvent else {
            throw StoreError.badPlan(
                "knows of later events than the store: a backup was put in its place",
                hint: "Objects made since that backup are no orphans. Make a new plan, and look at it.")
        }
        guard header.bucket == storage.bucketName else {
            throw StoreError.badPlan(
                "is for \(header.bucket.kind):\(header.bucket.bucket), not \(storage.kind):\(storage.bucket)",
                hint: "Name the objects it was made for.")
        }
        guard header.isYoung(at: repository.now()) else {
            throw StoreError.badPlan("is of \(header.createdAt), which is not within the last seven days")
        }
        // Others' objects in the bucket must not make the share of this store's look small.
        let (taken, own) = (counts.takenCount, counts.objectCount - (counts.findings[.foreignObject] ?? 0))
        guard taken <= Self.alwaysAllowed || Double(taken) <= maximumShare * Double(own) else {
            throw StoreError(
                .conflict,
                "the plan would take away \(taken) of \(own) objects, more than \(Self.percent(maximumShare))",
                hint: "Is it the right database, and a whole one? If it is, allow a larger share (--max-share).")
        }
    }

    private static func percent(_ share: Double) -> String {
        let hundredths = (share * 10_000).rounded()
        return hundredths.remainder(dividingBy: 100) == 0 ? "\(Int(hundredths / 100)) %" : "\(hundredths / 100) %"
    }

    // MARK: - One page

    private func apply(_ group: PlanGroup, _ header: PlanHeader, _ report: inout ObjectPlanReport) async throws {
        guard !group.findings.isEmpty else { return }
        let listed = try await list(group, header)
        let item = PlanItem(repository: repository, storage: storage, header: header)
        var rest = group.findings[...]
        while !rest.isEmpty {
            let outcomes = try await rest.prefix(Self.atOnce).concurrentMap(atOnce: Self.atOnce) { finding in
                try await item.apply(finding, listed: listed[Array(finding.key.utf8)])
            }
            rest = rest.dropFirst(Self.atOnce)
            for outcome in outcomes {
                report.add(outcome)
                try await self.outcome(outcome)
            }
            guard report.failedCount < Self.mostFailures else {
                throw StoreError(
                    .objectStorage, "object storage failed \(report.failedCount) times: \(report.firstFailure ?? "")",
                    hint: "Repeat the command once it is in reach: what was done is not done again.")
            }
        }
    }

    /// The objects of a group as they are listed now, from where its page began. Others may have come between them
    /// since: two further pages are looked at.
    ///
    /// - Returns: Objects by the bytes of their keys: Swift's own comparison joins spellings that are two objects.
    private func list(_ group: PlanGroup, _ header: PlanHeader) async throws -> [[UInt8]: ListedObject] {
        let wanted = Set(group.findings.map { Array($0.key.utf8) })
        var found: [[UInt8]: ListedObject] = [:]
        var cursor = group.cursor
        for _ in 0..<3 {
            let page = try await storage.list(after: cursor, limit: header.pageSize)
            for object in page.objects where wanted.contains(Array(object.key.utf8)) {
                found[Array(object.key.utf8)] = object
            }
            cursor = page.next
            if cursor == nil || found.count == wanted.count { break }
        }
        return found
    }
}
