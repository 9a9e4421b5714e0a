#if S3
    import ArtifactStore
    import ArtifactStoreS3
    import ArtifactStoreTesting
    import Foundation
    import Testing

    @Suite(
        "No secret comes out of a store over a real server",
        .enabled(if: Surroundings.runsServerTests, TestServer.leftOut))
    struct StoreSecrecyTests {
        /// Whether the server takes the keys that a store has.
        enum Keys: CaseIterable {
            case accepted, wrongSecret, strangeToken

            func credentials() throws -> S3Credentials {
                switch self {
                case .accepted: try TestServer.credentials()
                case .wrongSecret: try S3Credentials(accessKeyId: "TESTKEY", secretAccessKey: "CANARYSECRET")
                case .strangeToken:
                    try S3Credentials(
                        accessKeyId: "TESTKEY", secretAccessKey: "CANARYSECRET", sessionToken: "CANARYTOKEN")
                }
            }
        }

        private static let canaries = ["TESTSECRET0123456789", "CANARYSECRET", "CANARYTOKEN", "AWS4-HMAC-SHA256"]
        private let bytes = SampleImage.png(shade: 3)

        /// What calls gave and threw, as text.
        private final class Log {
            var texts: [(call: String, text: String)] = []
            var errorCount = 0

            func add(_ call: String, _ value: Any) {
                for text in ArtifactStoreS3Tests.texts(value) { texts.append((call, text)) }
            }

            func call(_ name: String, _ work: () async throws -> Any) async {
                do {
                    add(name, try await work())
                } catch {
                    errorCount += 1
                    add(name, error)
                    add(name, (error as NSError).userInfo)
                    texts.append((name, error.localizedDescription))
                }
            }
        }

        private func storage(_ keys: Keys, _ transport: any S3Transport) throws -> S3ObjectStorage {
            try S3ObjectStorage(
                S3Configuration(bucket: TestServer.bucket, region: "us-east-1", endpoint: TestServer.endpoint()),
                credentials: CachedS3Credentials(StaticS3Credentials(keys.credentials())), transport: transport)
        }

        @Test(
            "Every call of the store and of the storage, every file they write, with keys that work and with others",
            arguments: Keys.allCases)
        func everything(keys: Keys) async throws {
            let clock = ManualClock(at: .systemNow())
            let good = try await TemporaryStore.open(clock: clock, objects: TestServer.storage())
            let id = try await good.store.produce(Fixture.request, for: "run_1") { _ in Fixture.answer(bytes) }
                .artifactId
            _ = try await good.store.export(to: good.folder.path(of: "earlier"), withObjects: true)
            try await good.store.close()

            let eavesdropper = Eavesdropper()
            let objects = try storage(keys, eavesdropper)
            let temporary = try await TemporaryStore.open(in: good.folder, clock: clock, objects: objects)
            let log = Log()
            try await callStorage(objects, log)
            try await callStore(temporary, id, log)
            await callWholes(temporary, objects, log)

            var secrets = Self.canaries + eavesdropper.secrets
            if case .success(let signed) = await signing(temporary.store, id) {
                let signature = try #require(signed.firstMatch(of: /X-Amz-Signature=([0-9a-f]{64})/)).output.1
                secrets.append(String(signature))
            }
            #expect(eavesdropper.secrets.count > 10, "requests were signed")
            #expect(keys == .accepted ? log.errorCount < 4 : log.errorCount > 8, "\(log.errorCount) errors")
            for (call, text) in log.texts {
                for secret in secrets { #expect(Data(text.utf8).range(of: Data(secret.utf8)) == nil, "\(call)") }
            }
            let files = try files(in: good.folder)
            #expect(files.contains { $0.name.hasSuffix("-wal") && !$0.bytes.isEmpty })
            for (name, content) in files {
                for secret in secrets { #expect(content.range(of: Data(secret.utf8)) == nil, "\(name)") }
            }
            // The search can find: the id of the key that signed is kept.
            #expect(files.contains { $0.bytes.range(of: Data("TESTKEY".utf8)) != nil })
            try await temporary.store.close()
        }

        private func signing(_ store: ArtifactStore, _ id: ArtifactID) async -> Result<String, any Error> {
            do {
                return .success(try await store.signedURL(for: id, validFor: .seconds(900)).url.absoluteString)
            } catch {
                return .failure(error)
            }
        }

        private func callStorage(_ objects: S3ObjectStorage, _ log: Log) async throws {
            let (key, digest) = (try TestServer.key(), sha256(bytes))
            let facts = ImageFacts(sha256: digest)
            log.add("storage", objects)
            await log.call("put") { try await objects.put(bytes, at: key, sha256: digest) }
            await log.call("get") { try await objects.get(key, expecting: facts) }
            await log.call("range") { try await objects.get(key, range: 0..<10) }
            await log.call("head") { try await objects.head(key) as Any }
            await log.call("chunks") {
                try await objects.chunks(of: key, expecting: facts).reduce(into: [objects]) { _, _ in }
            }
            await log.call("list") { try await objects.list(after: nil, limit: 2) }
            await log.call("delete") { try await objects.delete(key) }
            await log.call("delete many") { try await objects.delete([key]) }
            await log.call("upload URL") {
                try await objects.signedUploadURL(
                    for: key, contentType: "image/png", sha256: digest, validForSeconds: 60)
            }
            await log.call("credential") { try await objects.signingCredential(goodUntil: .systemNow()) }
        }

        private func callStore(_ temporary: TemporaryStore, _ id: ArtifactID, _ log: Log) async throws {
            let store = temporary.store
            log.add("store", store)
            func claim() async throws -> Claim {
                let beginning = try await store.begin(Fixture.request, for: "run_2")
                log.add("begin", beginning)
                return try beginning.claim
            }
            let claims = [try await claim(), try await claim(), try await claim()]
            await log.call("heartbeat") { try await store.heartbeat(claims[0]) }
            await log.call("complete") {
                try await store.complete(claims[0], storing: bytes, execution: Fixture.execution)
            }
            await log.call("fail") { try await store.fail(claims[1], .generationFailed("no image")) }
            await log.call("produce") {
                try await store.produce(Fixture.request, for: "run_3") { _ in Fixture.answer(bytes) }
            }
            await log.call("produceAll") {
                try await store.produceAll(Fixture.request, for: "run_3") { _ in Fixture.answer(bytes) }
            }
            await log.call("bytes") { try await store.bytes(of: id) }
            await log.call("signedURL") { try await store.signedURL(for: id, validFor: .seconds(900)) }
            await log.call("signedURL, too long") { try await store.signedURL(for: id, validFor: .seconds(9_000_000)) }
            temporary.clock.advance(by: .seconds(100_000))
            await log.call("sweep") { try await store.sweep() }
            await log.call("artifact") { try await store.artifact(id) }
            let reference = try #require(try await store.artifact(id).storage).reference
            await log.call("artifact at") { try await store.artifact(at: reference) }
            await log.call("page") { try await store.page() }
            await log.call("artifacts") { try await store.artifacts().reduce(into: []) { $0.append($1) } }
            await log.call("run detail") { try await store.runDetail("run_3") }
            await log.call("events") { try await store.events(limit: 1_000) }
            await log.call("statistics") { try await store.statistics() }
            await log.call("purge") { try await store.purgeSignedURLs() }
        }

        private func callWholes(_ temporary: TemporaryStore, _ objects: S3ObjectStorage, _ log: Log) async {
            let (store, folder) = (temporary.store, temporary.folder)
            await log.call("backup") { try await store.backUp(to: folder.path(of: "backup.sqlite")) }
            await log.call("export") { try await store.export(to: folder.path(of: "export")) }
            await log.call("export with objects") {
                try await store.export(to: folder.path(of: "export-objects"), withObjects: true)
            }
            await log.call("import") {
                let copy = try await ArtifactStore.open(at: folder.path(of: "copy.sqlite"), objects: objects)
                let report = try await copy.importArtifacts(from: folder.path(of: "earlier"))
                try await copy.close()
                return report
            }
            await log.call("restore") {
                try await ArtifactStore.restore(
                    folder.path(of: "backup.sqlite"), to: folder.path(of: "restored.sqlite"))
            }
            await log.call("migration") { try await ArtifactStore.migrationStatus(at: temporary.path) }
            await log.call("schema") { try await ArtifactStore.verifySchema(at: temporary.path) }
        }

        private func files(in folder: TemporaryFolder) throws -> [(name: String, bytes: Data)] {
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).compactMap { name in
                FileManager.default.contents(atPath: folder.path(of: name)).map { (name, $0) }
            }
        }
    }
#endif
