import ArtifactStore
import ArtifactStoreTesting
import GRDB

/// Fills a new store with everything a record may look like, through the calls that hosts use. The same count gives
/// the same records.
///
/// Fixtures are made with it, once for each schema version, by the last build that wrote that version.
struct Populate {
    private let store: ArtifactStore
    private let clock: ManualClock
    private var random = SeededGenerator(seed: 20_260_101)

    /// Every tenth artifact or so stays pending: half of them with a live claim, a quarter is swept.
    static func run(_ path: String, count: Int) async throws {
        let clock = ManualClock()
        let ids = IdentifierSource()
        var options = StoreOptions()
        options.now = { clock.now }
        options.owner = "fixture"
        options.makeArtifactID = { ids.next(at: $0) }
        let store = try await ArtifactStore.open(at: path, options: options)
        var populate = Populate(store: store, clock: clock)
        for number in 0..<count {
            if number % 300 == 250 { try await Sample.importCatalogue(number / 300, into: store) }
            try await populate.record(number)
        }
        clock.now = Timestamp(clamping: 1_800_000_000_000)
        _ = try await store.sweep()
        try await store.recomputeCosts()
        try await populate.deleteSome()
        for number in 0..<max(1, count / 20) { try await populate.leavePending(number) }
        try await store.close()
        try await signedURLs(path)
    }

    private init(store: ArtifactStore, clock: ManualClock) {
        self.store = store
        self.clock = clock
    }

    private mutating func record(_ number: Int) async throws {
        // Clocks go back, too; and the ends of the range are times like others.
        switch number {
        case 3: clock.now = .earliest
        case 4: clock.now = .latest
        case 5: clock.now = Timestamp(clamping: 1_767_225_600_000)
        default: clock.advance(by: .milliseconds(Int64.random(in: -5_000...600_000, using: &random)))
        }
        let run = number % 7 == 0 ? Sample.text(number / 7) : "run_\(number / 9)"
        let key = number % 3 == 0 ? nil : number % 5 == 0 ? Sample.text(number) + "-\(number)" : "image-\(number)"
        let beginning = try await store.begin(
            Sample.request(number), for: run, idempotencyKey: key, context: Sample.context(number),
            claimDuration: .seconds(number % 40 == 9 ? 1 : 600))
        if case .refused = beginning { return }
        let claim = try beginning.claim
        switch number % 20 {
        case 0...11: try await complete(claim, number)
        case 12...17: try await fail(claim, number)
        case 18: try await takeOver(claim, number, run: run, key: key)
        default: break
        }
    }

    private func complete(_ claim: Claim, _ number: Int) async throws {
        clock.advance(by: .milliseconds(number % 11 == 0 ? -1_000 : 7_000))
        let kind = ["s3", "directory", "gcs"][number % 3]
        let key = number % 13 == 0 ? try ObjectKey("odd/\(number)/ключ ü \u{1F5BC}") : claim.objectKey
        try await store.complete(
            claim, at: StorageReference(kind: kind, bucket: "renders", objectKey: key), facts: Sample.facts(number),
            execution: Sample.execution(number), usage: Sample.usage(number))
    }

    private func fail(_ claim: Claim, _ number: Int) async throws {
        let types = ArtifactFailure.FailureType.allCases
        let actions = ArtifactFailure.Action.allCases
        let failure = ArtifactFailure(
            types[number % types.count], Sample.text(number), retryable: number % 2 == 0 ? nil : true,
            retryAfter: [nil, 0, 12, 31_536_000][number % 4],
            action: number % 3 == 0 ? actions[number / 3 % actions.count] : nil,
            providerCode: number % 2 == 0 ? nil : "code_\(number)")
        try await store.fail(
            claim, failure, execution: number % 4 == 0 ? Sample.execution(number) : nil,
            usage: number % 5 == 0 ? Sample.usage(number) : nil)
    }

    private func takeOver(_ claim: Claim, _ number: Int, run: String, key: String?) async throws {
        guard let key else { return }
        var last = claim
        for _ in 0...(number % 3) {
            clock.now = last.expiresAt
            last = try await store.begin(
                Sample.request(number), for: run, idempotencyKey: key, context: Sample.context(number)
            ).claim
        }
        if number % 4 == 2 { try await complete(last, number) }
    }

    private func leavePending(_ number: Int) async throws {
        let beginning = try await store.begin(
            Sample.request(number), for: "run_pending", context: Sample.context(number),
            claimDuration: number % 2 == 0 ? .milliseconds(1) : .seconds(2_592_000))
        if case .refused = beginning { return }
        let claim = try beginning.claim
        if number % 3 == 0 { _ = try await store.heartbeat(claim, for: .seconds(100)) }
        clock.advance(by: .seconds(1))
    }

    /// Every 29th artifact is deleted. Of their objects, one storage's are gone, one's wait, and one's were tried.
    private func deleteSome() async throws {
        var number = 0
        for try await page in store.artifacts(order: .oldestFirst) {
            for artifact in page.artifacts {
                number += 1
                if number % 29 == 0 { try await store.delete(artifact.artifactId) }
            }
        }
        try await store.removeDeletedObjects(from: "directory", bucket: "renders") { _ in }
        try await store.removeDeletedObjects(from: "s3", bucket: "renders") { _ in
            throw StoreError(.objectStorage, "S3 refused the DELETE: 503 SlowDown", hint: "Repeat the call.")
        }
    }

    /// Metadata of signed URLs, most of them expired. No call of this version writes them.
    private static func signedURLs(_ path: String) async throws {
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO signedUrl (artifactId, method, disposition, signedAt, expiresAt, credentialId)
                    SELECT artifactId, CASE sequence % 3 WHEN 0 THEN 'HEAD' ELSE 'GET' END,
                        CASE sequence % 4 WHEN 0 THEN 'attachment; filename="é ' || sequence || '.png"' END,
                        createdAt, createdAt + CASE sequence % 10 WHEN 0 THEN 604800000 ELSE 900000 END,
                        'credential ' || (sequence % 5)
                    FROM artifact WHERE status = 'completed' AND sequence % 5 = 0 AND createdAt < 200000000000000
                    """)
        }
        try queue.close()
    }
}
