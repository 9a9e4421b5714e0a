import ArtifactStore

/// Queries one after the other, as one caller asks them.
enum Queries {
    /// The mean time of one query in seconds. `query` gets 0, 1, 2 and so on.
    static func timeOfOne(seconds: Double, _ query: (Int) async throws -> Void) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        var count = 0
        var elapsed = 0.0
        repeat {
            // Reading the clock costs little beside a query, but not nothing.
            for _ in 0..<8 {
                try await query(count)
                count += 1
            }
            elapsed = (clock.now - start).inSeconds
        } while elapsed < seconds
        return elapsed / Double(count)
    }

    /// The queries whose cost must not grow with the store.
    static func all(_ filled: FilledStore) -> [(
        name: String, query: @Sendable (ArtifactStore, Int) async throws -> Void
    )] {
        func page(_ filter: ArtifactFilter) -> @Sendable (ArtifactStore, Int) async throws -> Void {
            { store, _ in
                guard try await store.page(where: filter, limit: 50).artifacts.count == 50 else {
                    throw BenchError("a page is short")
                }
            }
        }
        // Hours back from the end: 360 artifacts in each, a twentieth of them failed.
        let hour = filled.end.advanced(by: .seconds(-3600))
        let threeHours = filled.end.advanced(by: .seconds(-9000))
        return [
            (
                "artifact by id",
                { store, number in
                    _ = try await store.artifact(filled.artifactId(number &* 7919 % filled.count))
                }
            ),
            ("run detail", { store, number in _ = try await store.runDetail(filled.runId(number &* 7919)) }),
            ("page of 50 newest", page(ArtifactFilter())),
            (
                "page, status failed",
                { store, _ in
                    guard try await !store.page(where: ArtifactFilter(status: .failed), limit: 25).artifacts.isEmpty
                    else {
                        throw BenchError("no artifact failed")
                    }
                }
            ),
            ("page, model", page(ArtifactFilter(model: "gemini-3-pro-image"))),
            ("page, time range", page(ArtifactFilter(since: hour, until: filled.end))),
            (
                "page, failed in a time range",
                { store, _ in
                    let filter = ArtifactFilter(status: .failed, since: threeHours, until: filled.end)
                    _ = try await store.page(where: filter, limit: 25)
                }
            ),
        ]
    }
}
