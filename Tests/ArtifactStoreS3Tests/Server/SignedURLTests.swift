#if S3
    import ArtifactStore
    import ArtifactStoreS3
    import Foundation
    import Testing

    @Suite(
        "Signed URLs, as a real server judges them", .enabled(if: Surroundings.runsServerTests, TestServer.leftOut))
    struct SignedURLTests {
        private let bytes = Data("image bytes".utf8)

        private func stored(
            _ storage: S3ObjectStorage, _ name: String = "a b+\u{E9}&c=1.png"
        ) async throws -> ObjectKey {
            let key = try TestServer.key(name)
            try await storage.put(bytes, at: key, sha256: sha256(bytes))
            return key
        }

        private func ago(_ seconds: Int64) -> Timestamp {
            Timestamp(clamping: Timestamp.systemNow().milliseconds - seconds * 1000)
        }

        @Test("It reads the object, with the headers it asks for")
        func reads() async throws {
            let storage = try TestServer.storage()
            let key = try await stored(storage)
            let disposition = "attachment; filename=\"a b.png\"; filename*=UTF-8''%C3%A9%26.png"
            let answer = try await TestServer.request(storage.readingURL(of: key, disposition: disposition))
            #expect(answer.status == 200 && answer.body == bytes)
            #expect(answer.headers.contains { $0.value == disposition })
            #expect(answer.headers.contains { $0.name.lowercased() == "content-type" && $0.value == "image/png" })
            let head = try await storage.readingURL(.head, of: key)
            #expect(try await TestServer.request(head, "HEAD").status == 200)
        }

        @Test("Expired, it is refused; as old and valid for longer, it is not")
        func expired() async throws {
            let storage = try TestServer.storage()
            let key = try await stored(storage)
            let old = try await storage.readingURL(of: key, validForSeconds: 60, signedAt: ago(120))
            #expect(try await TestServer.request(old).status == 403)
            let valid = try await storage.readingURL(of: key, validForSeconds: 600, signedAt: ago(120))
            #expect(try await TestServer.request(valid).status == 200)
        }

        @Test("Changed in any part, it is refused")
        func tampered() async throws {
            let storage = try TestServer.storage()
            let (key, other) = (try await stored(storage), try await stored(storage, "other.png"))
            let url = try await storage.readingURL(of: key)
            let otherURL = try await storage.readingURL(of: other)
            let signature = try #require(url.firstMatch(of: /X-Amz-Signature=([0-9a-f]{64})/)).output.1
            let first = signature.first == "0" ? "1" : "0"
            let changes = [
                url.replacing(signature, with: first + signature.dropFirst()),
                url.replacing("X-Amz-Expires=60", with: "X-Amz-Expires=600"),
                url + "&response-content-type=text%2Fhtml",
                url.replacing("us-east-1", with: "eu-west-1"),
                // The signature of one object on the path of another.
                String(otherURL.prefix { $0 != "?" }) + url.drop { $0 != "?" },
                url.replacing(/&X-Amz-Signature=[0-9a-f]+/, with: ""),
            ]
            for changed in changes {
                #expect(changed != url)
                let status = try await TestServer.request(changed).status
                #expect([400, 403].contains(status), "\(status)")
            }
            #expect(try await TestServer.request(url).status == 200)
        }

        @Test("It is good for its own method only")
        func methods() async throws {
            let storage = try TestServer.storage()
            let key = try await stored(storage)
            let get = try await storage.readingURL(of: key)
            #expect(try await TestServer.request(get, "HEAD").status == 403)
            #expect(try await TestServer.request(get, "PUT", body: Data("evil".utf8)).status == 403)
            #expect(try await TestServer.request(get, "DELETE").status == 403)
            let head = try await storage.readingURL(.head, of: key)
            #expect(try await TestServer.request(head).status == 403)
            #expect(try await storage.get(key, expecting: ImageFacts()) == bytes)
        }

        @Test("Signed with a wrong secret or an unknown key, it is refused")
        func wrongKeys() async throws {
            let key = try await stored(TestServer.storage())
            for (id, secret) in [("TESTKEY", "WRONGSECRET"), ("NOBODY", "TESTSECRET0123456789")] {
                let credentials = try S3Credentials(accessKeyId: id, secretAccessKey: secret)
                let storage = try TestServer.storage(credentials: credentials)
                let url = try await storage.readingURL(of: key)
                #expect(try await TestServer.request(url).status == 403)
            }
        }

        @Test("An upload URL stores the announced bytes once, and no others")
        func uploads() async throws {
            let storage = try TestServer.storage()
            let key = try TestServer.key()
            let url = try await storage.signedUploadURL(
                for: key, contentType: "image/png", sha256: sha256(bytes), validForSeconds: 60)
            func upload(_ body: Data, _ headers: [S3Request.Field]) async throws -> Int {
                try await TestServer.request(url.url.reveal(), "PUT", headers: headers, body: body).status
            }
            #expect(try await upload(Data("evil bytes!".utf8), url.signedHeaders) == 400)
            #expect(try await upload(bytes, []) == 403, "without its headers")
            #expect(try await storage.head(key) == nil)
            #expect(try await upload(bytes, url.signedHeaders) == 200)
            #expect(try await storage.get(key, expecting: ImageFacts(sha256: sha256(bytes))) == bytes)
            #expect(try await upload(bytes, url.signedHeaders) == 412)
        }
    }
#endif
