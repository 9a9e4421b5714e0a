#if S3
    import ArtifactStore
    import ArtifactStoreS3
    import ArtifactStoreTesting
    import Foundation
    import Synchronization
    import Testing

    @Suite("A server that is killed", .enabled(if: Surroundings.runsServerTests, TestServer.leftOut))
    struct KillTests {
        /// Keeps trying for as long as a server takes to come back.
        private func patient(_ transport: some S3Transport) throws -> S3ObjectStorage {
            var configuration = try S3Configuration(
                bucket: TestServer.bucket, region: "us-east-1", endpoint: TestServer.endpoint())
            configuration.retry.maximumAttempts = 20
            configuration.retry.firstDelay = .milliseconds(500)
            configuration.retry.longestDelay = .seconds(5)
            return try S3ObjectStorage(
                configuration, credentials: StaticS3Credentials(TestServer.credentials()), transport: transport)
        }

        /// Kills the server as a power cut would, and comes back when it is gone.
        private func kill() throws {
            let file = try #require(Surroundings.pidFile, "make test sets S3_TEST_PID_FILE")
            let text = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)
            let process = try #require(pid_t(text))
            try #require(Foundation.kill(process, SIGKILL) == 0)
            let deadline = ContinuousClock.now + .seconds(30)
            while Foundation.kill(process, 0) == 0, ContinuousClock.now < deadline { sched_yield() }
            try #require(Foundation.kill(process, 0) != 0)
        }

        private func image(_ index: Int) -> Data {
            SampleImage.png() + Data(repeating: UInt8(truncatingIfNeeded: index), count: 20_000 + index)
        }

        @Test("Killed in the middle of 300 uploads, it has every acknowledged image when it is back, whole")
        func uploads() async throws {
            let transport = FailureCounter(wrapped: AsyncHTTPClientTransport.shared)
            let temporary = try await TemporaryStore.open(objects: patient(transport))
            let (count, callers) = (300, 16)
            let done = Tally()
            let acknowledged = try await withThrowingTaskGroup(of: [(id: ArtifactID, index: Int)].self) { group in
                for caller in 0..<callers {
                    group.addTask {
                        var found: [(id: ArtifactID, index: Int)] = []
                        for index in stride(from: caller, to: count, by: callers) {
                            found.append((try await upload(index, to: temporary.store), index))
                            // One caller alone gets this number.
                            if done.next() == count / 3 { try kill() }
                        }
                        return found
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(acknowledged.count == count)
            #expect(transport.failures.count > 0, "nobody noticed that the server was gone")
            for (id, index) in acknowledged {
                let artifact = try await temporary.store.artifact(id)
                #expect(artifact.status == .completed && artifact.storage?.facts.sha256 == sha256(image(index)))
                #expect(try await temporary.store.bytes(of: id) == image(index), "\(index)")
            }
        }

        /// Half of them as one function, half in steps.
        private func upload(_ index: Int, to store: ArtifactStore) async throws -> ArtifactID {
            let run = UUID().uuidString
            guard index.isMultiple(of: 2) else {
                return try await store.produce(Fixture.request, for: run) { _ in Fixture.answer(image(index)) }
                    .artifactId
            }
            let claim = try await store.begin(Fixture.request, for: run).claim
            try await store.complete(claim, storing: image(index), execution: Fixture.execution)
            return claim.artifactId
        }

        @Test("While it is away an upload fails, and the same claim completes when it is back")
        func away() async throws {
            let impatient = try await TemporaryStore.open(
                objects: TestServer.storage { $0.retry.maximumAttempts = 1 })
            let claim = try await impatient.store.begin(Fixture.request, for: UUID().uuidString).claim
            try kill()
            _ = try await storeError(.objectStorage) {
                try await impatient.store.complete(claim, storing: image(0), execution: Fixture.execution)
            }
            #expect(try await impatient.store.artifact(claim.artifactId).status == .pending)
            let patient = try await TemporaryStore.open(
                in: impatient.folder, clock: impatient.clock, objects: patient(AsyncHTTPClientTransport.shared))
            try await patient.store.complete(claim, storing: image(0), execution: Fixture.execution)
            #expect(try await patient.store.bytes(of: claim.artifactId) == image(0))
        }
    }

    /// Counts up from 1.
    private final class Tally: Sendable {
        private let state = Mutex(0)

        var count: Int { state.withLock { $0 } }

        func next() -> Int {
            state.withLock { state in
                state += 1
                return state
            }
        }
    }

    /// Counts the requests that got no answer.
    private struct FailureCounter: S3Transport {
        let wrapped: any S3Transport
        let failures = Tally()

        func send(_ request: S3HTTPRequest, timeout: Duration, bodyLimit: Int) async throws -> S3HTTPResponse {
            do {
                return try await wrapped.send(request, timeout: timeout, bodyLimit: bodyLimit)
            } catch {
                _ = failures.next()
                throw error
            }
        }
    }
#endif
