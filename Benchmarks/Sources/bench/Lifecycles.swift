import ArtifactStore
import CWorkload
import GRDB

/// Callers that run one lifecycle after the other until the time is up.
enum Lifecycles {
    /// Concurrent tasks through the library's public API.
    static func ours(_ store: ArtifactStore, callers: Int, seconds: Double) async throws -> Throughput {
        try await measure(callers: callers, seconds: seconds) { lane in
            let (run, key) = lane.next()
            let claim = try await store.begin(
                Workload.request, for: run, idempotencyKey: key, context: Workload.context
            ).claim
            let reference = StorageReference(kind: Workload.kind, bucket: Workload.bucket, objectKey: claim.objectKey)
            try await store.complete(
                claim, at: reference, facts: Workload.facts, execution: Workload.execution, usage: Workload.usage)
        }
    }

    /// The same with what GRDB itself offers: one `write` for each call.
    static func plainGRDB(_ store: PlainGRDB, callers: Int, seconds: Double) async throws -> Throughput {
        try await measure(callers: callers, seconds: seconds) { lane in
            let (run, key) = lane.next()
            let id = try await store.begin(run: run, key: key)
            try await store.complete(run: run, id: id)
        }
    }

    private static func measure(
        callers: Int, seconds: Double, _ lifecycle: @escaping @Sendable (inout Lane) async throws -> Void
    ) async throws -> Throughput {
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<callers {
                group.addTask {
                    var lane = Lane(number)
                    var count = 0
                    while clock.now < end {
                        try await lifecycle(&lane)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return Throughput(count: count, seconds: (clock.now - start).inSeconds)
    }
}
