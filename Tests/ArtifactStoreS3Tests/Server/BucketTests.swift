#if S3
    import ArtifactStore
    import ArtifactStoreS3
    import Foundation
    import Testing

    @Suite(
        "Ranges, deletions, lists and refusals of a real server",
        .enabled(if: Surroundings.runsServerTests, TestServer.leftOut))
    struct BucketTests {
        @Test("Ranges are what they say, cut to the object's end")
        func ranges() async throws {
            let storage = try TestServer.storage()
            let key = try TestServer.key()
            let bytes = Data((0..<1_000).map { UInt8(truncatingIfNeeded: $0) })
            try await storage.put(bytes, at: key, sha256: sha256(bytes))
            for range in [0..<1, 0..<1_000, 999..<1_000, 100..<300, 900..<5_000] as [Range<Int64>] {
                let found = try await storage.get(key, range: range)
                #expect(found == bytes[Int(range.lowerBound)..<min(Int(range.upperBound), 1_000)], "\(range)")
            }
            _ = try await storeError(.invalidInput) { _ = try await storage.get(key, range: 1_000..<1_001) }
            _ = try await storeError(.notFound) { _ = try await storage.get(TestServer.key(), range: 0..<1) }
        }

        @Test("Objects are removed one by one and in batches, and removing nothing is no error")
        func deletion() async throws {
            let storage = try TestServer.storage()
            let folder = UUID().uuidString
            let keys = try ["a b+c", "d&<e>\"'", "\u{E9}%"].map { try TestServer.key($0, in: folder) }
            for key in keys { try await storage.put(Data([1]), at: key, sha256: sha256(Data([1]))) }
            try await storage.delete(keys[0])
            try await storage.delete(keys[0])
            #expect(try await storage.head(keys[0]) == nil)
            #expect(try await storage.head(keys[1]) == 1)
            #expect(try await storage.delete(keys).isEmpty)
            for key in keys { #expect(try await storage.head(key) == nil) }
        }

        @Test("Pages of a list hold every odd key once")
        func list() async throws {
            let storage = try TestServer.storage()
            let folder = UUID().uuidString
            let names = [
                "a b", "a+b", "a&b<c>\"'", "\u{E9}", "e\u{301}", "\u{1F5BC}", "100%", "a%zz", "x/y/z", "x-y", "x.y",
                "~", "a=b?c#d", "*", "(1)",
            ]
            let keys = try names.map { try TestServer.key($0, in: folder) }
            for key in keys { try await storage.put(Data([1, 2]), at: key, sha256: sha256(Data([1, 2]))) }
            var found: [ListedObject] = []
            var token: String?
            var pages = 0
            repeat {
                let page = try await storage.list(prefix: "\(folder)/", after: token, limit: 4)
                #expect(page.objects.count <= 4)
                found += page.objects
                token = page.next
                pages += 1
            } while token != nil && pages < 20
            #expect(pages >= 4)
            #expect(sorted(found.map(\.key)) == sorted(keys.map(\.text)))
            #expect(found.allSatisfy { $0.byteCount == 2 && $0.modifiedAt > Timestamp.earliest })
            let nothing = try await storage.list(prefix: "\(folder)/none", after: nil, limit: 10)
            #expect(nothing.objects.isEmpty && nothing.next == nil)
        }

        /// As bytes: to Swift, the two é are one.
        private func sorted(_ keys: [String]) -> [[UInt8]] {
            keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        }

        @Test("Wrong secrets, keys without permission and missing buckets are told apart, without a secret")
        func refusals() async throws {
            let wrong = try S3Credentials(accessKeyId: "TESTKEY", secretAccessKey: "CANARYSECRET")
            let bytes = Data("bytes".utf8)
            for (credentials, code) in [
                (wrong, "SignatureDoesNotMatch"), (try TestServer.readingCredentials(), "AccessDenied"),
            ] {
                let error = try await storeError(.objectStorage) {
                    try await TestServer.storage(credentials: credentials)
                        .put(bytes, at: TestServer.key(), sha256: sha256(bytes))
                }
                #expect(error.message.contains(code), "\(error)")
                #expect(!error.description.contains("CANARY"))
            }
            let error = try await storeError(.objectStorage) {
                try await TestServer.storage { $0.bucket = "no-such-bucket" }
                    .put(bytes, at: TestServer.key(), sha256: sha256(bytes))
            }
            #expect(error.message.contains("NoSuchBucket"), "\(error)")
        }

        @Test("A server that is not there is objectStorage after the last attempt")
        func unreachable() async throws {
            let time = ManualTime()
            // The discard port: nothing listens there.
            let nowhere = try S3Endpoint("http://127.0.0.1:9")
            let storage = try TestServer.storage(timing: time.timing) { configuration in
                configuration.retry.maximumAttempts = 3
                configuration.endpoint = nowhere
            }
            let error = try await storeError(.objectStorage) { _ = try await storage.head(TestServer.key()) }
            #expect(error.message.contains("3 attempts"))
            #expect(time.waits.count == 2)
        }
    }
#endif
