#if S3
    import ArtifactStore
    import ArtifactStoreS3
    import ArtifactStoreTesting
    import Foundation
    import Testing

    @Suite(
        "Signed URLs of a store over a real server",
        .enabled(if: Surroundings.runsServerTests, TestServer.leftOut))
    struct StoreURLTests {
        private let bytes = SampleImage.png(shade: 7)

        /// A store on the server's time, with one completed image.
        private func store(
            in folder: TemporaryFolder? = nil, _ objects: S3ObjectStorage? = nil
        ) async throws -> (temporary: TemporaryStore, id: ArtifactID) {
            let clock = ManualClock(at: .systemNow())
            let temporary = try await TemporaryStore.open(
                in: folder, clock: clock, objects: objects ?? TestServer.storage())
            let artifact = try await temporary.store.produce(
                Fixture.request, for: "run_1", idempotencyKey: "hero"
            ) { _ in Fixture.answer(bytes) }
            return (temporary, artifact.artifactId)
        }

        private func header(_ name: String, _ answer: S3HTTPResponse) -> String? {
            answer.headers.first { $0.name.lowercased() == name }?.value
        }

        @Test("It shows the image under its type, is the same all through its window, and good for GET alone")
        func window() async throws {
            let (temporary, id) = try await store()
            func sign() async throws -> SignedURL {
                try await temporary.store.signedURL(for: id, validFor: .seconds(900), minRemaining: .seconds(300))
            }
            let first = try await sign()
            let answer = try await TestServer.request(first.url.absoluteString)
            #expect(answer.status == 200 && answer.body == bytes)
            #expect(header("content-type", answer) == "image/png")
            #expect(header("content-disposition", answer) == nil)
            for method in ["HEAD", "PUT", "DELETE"] {
                #expect(try await TestServer.request(first.url.absoluteString, method).status == 403, "\(method)")
            }
            #expect(try await temporary.store.bytes(of: id) == bytes)
            temporary.clock.advance(by: .seconds(590))
            // Another process, which knows nothing but the database and the credentials.
            let (other, _) = try await store(in: temporary.folder)
            #expect(
                try await other.store.signedURL(for: id, validFor: .seconds(900), minRemaining: .seconds(300)).url
                    == first.url)
            temporary.clock.advance(by: .seconds(20))
            let second = try await sign()
            #expect(second.url != first.url)
            #expect(first.credentialId == "TESTKEY" && first.expiresAt < second.expiresAt)
        }

        @Test("Saved under a name, the answer carries it in both encodings; HEAD has a URL of its own")
        func download() async throws {
            let (temporary, id) = try await store()
            let saved = try await temporary.store.signedURL(
                for: id, validFor: .seconds(900), disposition: .attachment(fileName: "Leuchtturm \u{FC}ber \"A\".png"))
            let answer = try await TestServer.request(saved.url.absoluteString)
            #expect(answer.status == 200 && answer.body == bytes)
            #expect(
                header("content-disposition", answer)
                    == "attachment; filename=\"Leuchtturm _ber _A_.png\"; "
                    + "filename*=UTF-8''Leuchtturm%20%C3%BCber%20%22A%22.png")
            let head = try await temporary.store.signedURL(for: id, validFor: .seconds(900), method: .head)
            let headers = try await TestServer.request(head.url.absoluteString, "HEAD")
            #expect(headers.status == 200 && header("content-length", headers) == "\(bytes.count)")
            #expect(try await TestServer.request(head.url.absoluteString).status == 403)
        }

        @Test("What could run scripts comes as an attachment of a harmless type", arguments: ["image/svg+xml", nil])
        func risky(contentType: String?) async throws {
            let (temporary, _) = try await store()
            let svg = Data("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".utf8)
            let claim = try await temporary.store.begin(Fixture.request, for: "run_2").claim
            let storage = try TestServer.storage()
            try await storage.put(svg, at: claim.objectKey, sha256: sha256(svg))
            try await temporary.store.complete(
                claim, at: StorageReference(kind: "s3", bucket: TestServer.bucket, objectKey: claim.objectKey),
                facts: ImageFacts(contentType: contentType), execution: Fixture.execution)
            let signed = try await temporary.store.signedURL(for: claim.artifactId, validFor: .seconds(60))
            let answer = try await TestServer.request(signed.url.absoluteString)
            #expect(answer.status == 200 && answer.body == svg)
            #expect(header("content-type", answer) == "application/octet-stream")
            #expect(header("content-disposition", answer) == "attachment; filename=\"\(claim.artifactId)\"")
        }

        @Test("Another credential signs another URL; without the table the next URL works as well")
        func credentials() async throws {
            let (temporary, id) = try await store()
            let first = try await temporary.store.signedURL(for: id, validFor: .seconds(900))
            let reader = try await TemporaryStore.open(
                in: temporary.folder, clock: temporary.clock,
                objects: TestServer.storage(credentials: TestServer.readingCredentials()))
            let second = try await reader.store.signedURL(for: id, validFor: .seconds(900))
            #expect(second.credentialId == "READKEY" && second.url != first.url)
            #expect(try await TestServer.request(second.url.absoluteString).body == bytes)
            temporary.clock.advance(by: .seconds(901))
            #expect(try await temporary.store.purgeSignedURLs() == 2)
            // The server's own clock has not moved, so this one is not old to it, but from the future.
            let third = try await reader.store.signedURL(for: id, validFor: .seconds(900))
            #expect(third.url != second.url)
        }
    }
#endif
