import ArtifactStore
import Foundation

/// A storage that passes every call on to another one; a test's own type changes the calls it is about.
protocol WrappingStorage: ObjectStorage {
    associatedtype Wrapped: ObjectStorage
    var wrapped: Wrapped { get }
}

extension WrappingStorage {
    var kind: String { wrapped.kind }
    var bucket: String { wrapped.bucket }

    func put(_ bytes: Data, at key: ObjectKey, sha256: String) async throws {
        try await wrapped.put(bytes, at: key, sha256: sha256)
    }
    func get(_ key: ObjectKey, expecting expected: ImageFacts) async throws -> Data {
        try await wrapped.get(key, expecting: expected)
    }
    func verify(_ key: ObjectKey, expecting expected: ImageFacts) async throws {
        try await wrapped.verify(key, expecting: expected)
    }
    func head(_ key: ObjectKey) async throws -> Int64? { try await wrapped.head(key) }
    func delete(_ key: ObjectKey) async throws { try await wrapped.delete(key) }
    func list(after cursor: String?, limit: Int) async throws -> ObjectPage {
        try await wrapped.list(after: cursor, limit: limit)
    }
    func move(_ key: ObjectKey, to newKey: ObjectKey) async throws { try await wrapped.move(key, to: newKey) }
}
