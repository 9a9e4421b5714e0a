#if S3
    import ArtifactStore
    import ArtifactStoreS3
    import Foundation

    /// Artifacts whose bytes go to a bucket, beside programs that upload the same bytes and record nothing.
    enum UploadComparison {
        private static let callers = 32
        private static let byteCount = 100_000
        private static let rounds = 10

        static func run(_ settings: Settings, _ report: Report) async throws {
            let count = max(settings.uploads / rounds, callers)
            report.section("Uploads: \(count * rounds) artifacts of \(byteCount) bytes, \(callers) callers, into S3")
            let bodies = try UploadBodies(settings, byteCount: byteCount)
            let others = try OtherUploads(settings, bodies, callers: callers)
            let store = try await ArtifactStore.open(
                at: settings.freshFile("uploads.sqlite"), objects: .s3(S3Place(settings).configuration()))
            _ = try await produce(callers * 4, from: 0, bodies, store)

            var ours = Samples(), theirs: [String: Samples] = [:], ratios: [String: Samples] = [:]
            for round in 0..<rounds {
                let first = (round + 1) * 1_000_000
                var perSecond: [String: Double] = [:]
                // Who comes first changes: the server is busy for a while with what came before.
                let names = ["ours"] + OtherUploads.names
                for name in names[(round % names.count)...] + names[..<(round % names.count)] {
                    let seconds =
                        name == "ours"
                        ? try await produce(count, from: first, bodies, store)
                        : try others.seconds(name, count: count, from: first)
                    perSecond[name] = Double(count) / seconds
                }
                let mine = perSecond["ours"] ?? .nan
                ours.add(mine)
                for name in OtherUploads.names {
                    theirs[name, default: Samples()].add(perSecond[name] ?? .nan)
                    ratios[name, default: Samples()].add(mine / (perSecond[name] ?? .nan))
                }
            }
            try await store.close()
            report.note("ours \(short(ours.median)) artifacts a second")
            for name in OtherUploads.names {
                guard let theirs = theirs[name], let ratio = ratios[name] else { continue }
                report.note("\(name) \(short(theirs.median)) objects a second")
                if name == "curl" {
                    // Nothing is promised: it has nothing compared and may overwrite.
                    report.note("uploads, ours / curl: \(short(ratio.median))")
                } else {
                    report.result("uploads, ours / \(name)", ratio, .atLeast(0.7))
                }
            }
        }

        /// How many seconds it takes to make so many artifacts.
        private static func produce(
            _ count: Int, from first: Int, _ bodies: UploadBodies, _ store: ArtifactStore
        ) async throws -> Double {
            let clock = ContinuousClock()
            let start = clock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<callers {
                    group.addTask {
                        var lane = Lane(caller)
                        for number in stride(from: first + caller, to: first + count, by: callers) {
                            let (run, key) = lane.next()
                            let image = GeneratedImage(bytes: bodies.body(number))
                            let artifact = try await store.produce(
                                Workload.request, for: run, idempotencyKey: key, context: Workload.context
                            ) { _ in
                                ProviderAnswer(
                                    outcome: .finished([.image(image)]), execution: Workload.execution,
                                    usage: Workload.usage)
                            }
                            guard artifact.status == .completed else {
                                throw BenchError(
                                    "an artifact is not completed: \(String(describing: artifact.failure))")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            return (clock.now - start).inSeconds
        }
    }

    /// The bucket of the server that `scripts/s3-server.sh` has started.
    struct S3Place {
        private let endpoint: String

        init(_ settings: Settings) throws {
            guard let endpoint = settings.s3Endpoint else {
                throw BenchError("AWS_ENDPOINT_URL_S3 names no S3 server: run it as README.md says")
            }
            self.endpoint = endpoint
        }

        static let bucket = "artifact-tests"

        func configuration() throws -> S3Configuration {
            try S3Configuration(bucket: Self.bucket, region: "us-east-1", endpoint: S3Endpoint(endpoint))
        }
    }
#endif
