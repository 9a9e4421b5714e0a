internal import ArtifactStore
internal import Crypto
internal import Foundation

/// What a check works with: a storage, fresh keys, and assertions that throw.
struct ConformanceProbe: Sendable {
    let check: String
    let storage: any ObjectStorage
    private let folder = "conformance/\(UUID().uuidString)"

    init(check: String, storage: any ObjectStorage) {
        self.check = check
        self.storage = storage
    }

    func key(_ name: String = "object.png") throws -> ObjectKey {
        try ObjectKey("\(folder)/\(name)")
    }

    /// Bytes of every value, the same ones for the same seed.
    func bytes(_ count: Int = 1_000, seed: UInt8 = 1) -> Data {
        // A prime length: no two chunks that a storage may cut are alike.
        let block = Data((0..<4_099).map { UInt8(truncatingIfNeeded: $0 &* 31) ^ seed })
        var bytes = Data(capacity: count + block.count)
        while bytes.count < count { bytes.append(block) }
        return bytes.prefix(count)
    }

    func sha256(_ bytes: Data) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    func put(_ bytes: Data, at key: ObjectKey) async throws {
        try await storage.put(bytes, at: key, sha256: sha256(bytes))
    }

    /// The object must hold these bytes, whichever way it is asked for.
    func expectObject(_ bytes: Data, at key: ObjectKey) async throws {
        let facts = ImageFacts(byteCount: Int64(bytes.count), sha256: sha256(bytes))
        let found = try await storage.get(key, expecting: facts)
        try expect(found == bytes, "get returned other bytes than were put under \(key)")
        if let storage = storage as? any ChunkReadingStorage {
            let chunks = try storage.chunks(of: key, expecting: facts, chunkByteCount: bytes.count / 3 + 1)
            let read = try await chunks.reduce(into: Data()) { $0.append($1) }
            try expect(read == bytes, "its chunks are other bytes than were put under \(key)")
        }
        let count = try await storage.head(key)
        try await storage.verify(key, expecting: ImageFacts(byteCount: Int64(bytes.count), sha256: sha256(bytes)))
        try expect(count == Int64(bytes.count), "head says \(count.map(String.init) ?? "nil"), not \(bytes.count)")
    }

    func expectNothing(at key: ObjectKey) async throws {
        let count = try await storage.head(key)
        try expect(count == nil, "head finds \(count ?? 0) bytes under \(key), where nothing was stored")
        try await expectError(.notFound, "get of a key that holds nothing") {
            _ = try await storage.get(key, expecting: ImageFacts())
        }
        try await expectError(.notFound, "verify of a key that holds nothing") {
            try await storage.verify(key, expecting: ImageFacts())
        }
        if let storage = storage as? any ChunkReadingStorage {
            try await expectError(.notFound, "the first chunk of a key that holds nothing") {
                for try await _ in try storage.chunks(of: key) {}
            }
        }
    }

    /// The keys of this check's own that a list leads to, in pages of at most `limit`; `between` runs after each page.
    func listed(
        limit: Int, between: (_ page: Int) async throws -> Void = { _ in }
    ) async throws -> [ListedObject] {
        var found: [ListedObject] = []
        var cursor: String?
        var pages = 0
        repeat {
            let page = try await storage.list(after: cursor, limit: limit)
            try expect(page.objects.count <= limit, "a page has \(page.objects.count) objects, not \(limit) at most")
            found += page.objects.filter { $0.key.hasPrefix("\(folder)/") }
            cursor = page.next
            pages += 1
            try await between(pages)
        } while cursor != nil
        return found
    }

    func expect(_ holds: Bool, _ reason: @autoclosure () -> String) throws {
        guard holds else { throw failure(reason()) }
    }

    func expectError(_ code: StoreError.Code, _ what: String, _ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as StoreError {
            try expect(error.code == code, "\(what) threw \(error.code), not \(code)")
            try expect(!error.message.isEmpty && !error.hint.isEmpty, "\(what) threw an error without message or hint")
            return
        } catch {
            throw failure("\(what) threw \(error), which is no StoreError")
        }
        throw failure("\(what) did not throw \(code)")
    }

    func failure(_ reason: String) -> ConformanceFailure {
        ConformanceFailure(check: check, reason: reason)
    }
}
