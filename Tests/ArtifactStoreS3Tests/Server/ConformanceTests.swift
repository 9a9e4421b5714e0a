#if S3
    import ArtifactStore
    import ArtifactStoreS3
    import ArtifactStoreTesting
    import Foundation
    import Testing

    @Suite("The laws, against a real server", .enabled(if: Surroundings.runsServerTests, TestServer.leftOut))
    struct ConformanceTests {
        @Test("S3 storage obeys the laws", arguments: ObjectStorageConformance.checks)
        func conformance(check: ObjectStorageConformance.Check) async throws {
            try await check.run(TestServer.storage())
        }

        /// Measured with botocore too: SeaweedFS 4.48 lets several of 16 simultaneous completions with
        /// `If-None-Match: *` succeed (of simultaneous PUTs just one), so this check cannot hold there in parts.
        private static let checksInParts = ObjectStorageConformance.checks.filter {
            $0.name != "Law 7: of many callers with different bytes one wins, and its bytes stay whole"
        }

        @Test("It obeys all of them but one when every object is sent in parts", arguments: checksInParts)
        func conformanceInParts(check: ObjectStorageConformance.Check) async throws {
            // Objects of one byte alone go in one request.
            try await check.run(TestServer.storage { $0.multipartThreshold = 1 })
            #expect(Self.checksInParts.count == ObjectStorageConformance.checks.count - 1)
        }

        @Test("20 MiB go in four parts and come back; the same bytes again succeed, others do not")
        func multipart() async throws {
            let storage = try TestServer.storage { configuration in
                configuration.multipartThreshold = 6_000_000
                configuration.partByteCount = 5_242_880
            }
            let key = try TestServer.key()
            let block = Data((0..<4_099).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            var bytes = Data(capacity: 20_971_520 + block.count)
            while bytes.count < 20_971_520 { bytes.append(block) }
            bytes = bytes.prefix(20_971_520)
            try await storage.put(bytes, at: key, sha256: sha256(bytes))
            let facts = ImageFacts(byteCount: Int64(bytes.count), sha256: sha256(bytes))
            #expect(try await storage.get(key, expecting: facts) == bytes)
            let chunks = try storage.chunks(of: key, expecting: facts, chunkByteCount: 3_000_000)
            let read = try await chunks.reduce(into: Data()) { $0.append($1) }
            #expect(read == bytes)
            let some = try storage.chunks(of: key, range: 5_242_879..<15_000_000, chunkByteCount: 4_194_304)
            #expect(try await some.reduce(into: Data()) { $0.append($1) } == bytes[5_242_879..<15_000_000])
            try await storage.put(bytes, at: key, sha256: sha256(bytes))
            bytes[20_000_000] ^= 1
            let other = bytes
            _ = try await storeError(.objectExists) { try await storage.put(other, at: key, sha256: sha256(other)) }
            #expect(try await storage.get(key, expecting: facts) != other)
        }

        @Test("Of eight different objects put under one key at once, exactly one is stored", arguments: 0..<5)
        func race(round: Int) async throws {
            let storage = try TestServer.storage()
            let key = try TestServer.key()
            let winners = try await withThrowingTaskGroup(of: Data?.self) { group in
                for seed in UInt8(0)..<8 {
                    group.addTask {
                        let bytes = Data(repeating: seed, count: 10_000)
                        do {
                            try await storage.put(bytes, at: key, sha256: sha256(bytes))
                            return bytes
                        } catch let error as StoreError where error.code == .objectExists {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: [Data]()) { if let bytes = $1 { $0.append(bytes) } }
            }
            #expect(winners.count == 1)
            #expect(try await storage.get(key, expecting: ImageFacts()) == winners.first)
        }
    }
#endif
