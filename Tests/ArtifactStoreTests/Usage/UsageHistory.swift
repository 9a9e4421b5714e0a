import ArtifactStoreTesting
import Foundation
import GRDB

@testable import ArtifactStore

/// A store to which everything happens that changes sums of usage, at random, with times beside the ends of days.
struct UsageHistory {
    let temporary: TemporaryStore
    private var random: SeededGenerator
    private var number = 0
    private var open: [Claim] = []

    private static let day: Int64 = 86_400_000
    /// Days at the ends of time, and some in a row, each with its neighbours' last and first milliseconds.
    static let moments: [Timestamp] =
        [0, 1, 20_454, 20_455, 20_456, 20_457, 2_932_896, 2_932_897].flatMap { number in
            [-day, -1, 0, 1, 40_000_000].map { Timestamp(clamping: number * day + $0) }
        }
    private static let models = ["m1", "m2", "m3"]
    private static let versions: [String?] = [nil, "1", "2"]
    private static let failureTypes: [ArtifactFailure.FailureType] = [.providerUnavailable, .generationFailed]

    init(seed: UInt64) async throws {
        temporary = try await TemporaryStore.open()
        random = SeededGenerator(seed: seed)
        try await temporary.declare([.unknown("nobody")])
    }

    private func raw(_ sql: String) async throws {
        let shell = try temporary.shell()
        try await shell.write { try $0.execute(sql: sql) }
    }

    private mutating func any<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    /// One thing happens.
    mutating func step() async throws {
        temporary.clock.now = any(Self.moments)
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<12: try await begin()
        case 12..<14: try await takeOver()
        case 14: _ = try await temporary.store.sweep()
        case 15..<18: try await delete()
        default: try await compute()
        }
    }

    private mutating func begin() async throws {
        number += 1
        let request = GeneratedImageRequest(prompt: "a pier", model: any(Self.models))
        let versions = VersionContext(
            skillVersion: any(Self.versions), promptVersion: any(Self.versions), templateVersion: any(Self.versions))
        let claim = try await temporary.store.begin(
            request, for: "run_\(number % 3)", idempotencyKey: "key-\(number)",
            context: ArtifactContext(versionContext: versions), artifactId: ArtifactID("a\(number)"),
            claimDuration: .seconds(60)
        ).claim
        if chance(15) { open.append(claim) } else { try await finish(claim) }
    }

    private mutating func finish(_ claim: Claim) async throws {
        let execution = ModelExecution(
            provider: any(["openai", "other"]), underlyingImageModel: chance(50) ? any(Self.models) : nil)
        let usage = usage()
        do {
            if chance(60) {
                try await temporary.store.complete(
                    claim, at: Fixture.reference("host/\(claim.artifactId)"), execution: execution, usage: usage)
            } else {
                try await temporary.store.fail(
                    claim, ArtifactFailure(any(Self.failureTypes), "refused"), execution: chance(50) ? execution : nil,
                    usage: usage)
            }
        } catch let error as StoreError where [.claimLost, .alreadyFinished, .notFound].contains(error.code) {
            return
        }
    }

    private mutating func usage() -> Usage? {
        guard chance(85) else { return nil }
        var usage = Usage()
        if chance(25) {
            // Of the past, of the future, or the artifact itself.
            usage.includedInArtifactId = ArtifactID("a\(max(1, number + Int.random(in: -6...6, using: &random)))")
            return usage
        }
        let tokens: [WritableKeyPath<Usage, Int64?>] = [
            \.inputTokens, \.inputTextTokens, \.inputImageTokens, \.cachedInputTokens, \.cachedInputTextTokens,
            \.cachedInputImageTokens, \.cacheWriteInputTokens, \.outputTokens, \.outputTextTokens,
            \.outputImageTokens, \.totalTokens,
        ]
        for path in tokens where chance(50) { usage[keyPath: path] = Int64.random(in: 0...3, using: &random) }
        if chance(50) {
            usage.cost = Cost(micros: Int64.random(in: 0...3, using: &random), currency: any(["USD", "EUR"]))
        }
        return usage
    }

    private mutating func takeOver() async throws {
        guard !open.isEmpty else { return }
        let claim = open.remove(at: Int.random(in: 0..<open.count, using: &random))
        temporary.clock.now = claim.expiresAt
        try await finish(claim)
    }

    private mutating func delete() async throws {
        let id = ArtifactID("a\(Int.random(in: 1...max(1, number), using: &random))")
        do {
            _ = try await temporary.store.delete(id)
        } catch let error as StoreError where [.claimHeld, .notFound].contains(error.code) {
            return
        }
    }

    private mutating func compute() async throws {
        let columns = "artifactSequence, computation, catalogueRevision, costMicros, costCurrency, computedAt"
        let known = "(SELECT count(*) FROM computedCost WHERE artifactSequence = sequence)"
        try await raw(
            """
            INSERT INTO computedCost (\(columns))
            SELECT sequence, 1 + \(known), 1, \(Int.random(in: 0...3, using: &random)), '\(any(["USD", "JPY"]))', 5
            FROM artifact
            WHERE status <> 'pending' AND costMicros IS NULL AND includedInArtifactId IS NULL
                AND sequence % 3 = \(number % 3)
            """)
    }

    /// A filter, and the same in SQL.
    mutating func filter() -> (ArtifactFilter, String) {
        var filter = ArtifactFilter()
        var conditions = ["1"]
        func text(_ name: String, _ value: String) { conditions.append("\(name) = '\(value)'") }
        if chance(20) { filter.status = any(ArtifactStatus.allCases) }
        if let status = filter.status { text("status", status.rawValue) }
        if chance(10) { filter.parentRunId = "run_1" }
        if let run = filter.parentRunId { text("parentRunId", run) }
        if chance(25) { filter.model = any(Self.models + ["", "nobody"]) }
        if let model = filter.model {
            conditions.append("(requestedModel = '\(model)' OR underlyingImageModel = '\(model)')")
        }
        if chance(20) { filter.provider = any(["openai", "other", ""]) }
        if let provider = filter.provider { text("provider", provider) }
        if chance(15) { filter.failureType = any(Self.failureTypes) }
        if let type = filter.failureType { text("failureType", type.rawValue) }
        if chance(15) { filter.skillVersion = any(["1", "2", ""]) }
        if let version = filter.skillVersion { text("skillVersion", version) }
        if chance(15) { filter.promptVersion = any(["1", "2", ""]) }
        if let version = filter.promptVersion { text("promptVersion", version) }
        if chance(15) { filter.templateVersion = any(["1", "2", ""]) }
        if let version = filter.templateVersion { text("templateVersion", version) }
        if chance(50) { filter.since = any(Self.moments) }
        if let since = filter.since { conditions.append("createdAt >= \(since.milliseconds)") }
        if chance(50) { filter.until = any(Self.moments + [.latest]) }
        if let until = filter.until { conditions.append("createdAt < \(until.milliseconds)") }
        return (filter, conditions.joined(separator: " AND "))
    }
}
