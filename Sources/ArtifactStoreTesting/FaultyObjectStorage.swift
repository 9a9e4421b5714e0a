public import ArtifactStore
public import Foundation
internal import Synchronization

/// Passes calls on to another storage and lets chosen ones fail, so that a host's own error handling can be tested.
///
/// ```swift
/// let storage = FaultyObjectStorage(wrapping: real)
/// storage.fail(call: 1, .afterwards)     // the first call stores its bytes, and throws all the same
/// ```
public final class FaultyObjectStorage: ObjectStorage {
    /// When a chosen call fails.
    public enum Moment: Sendable {
        /// Before anything reaches the storage below.
        case beforehand
        /// After the storage below has done it: an answer that was lost on its way back.
        case afterwards
    }

    private struct Plan {
        var callCount = 0
        var faults: [Int: (moment: Moment, error: StoreError)] = [:]
    }

    private let wrapped: any ObjectStorage
    private let plan = Mutex(Plan())

    /// A storage in which nothing fails yet.
    public init(wrapping wrapped: any ObjectStorage) {
        self.wrapped = wrapped
    }

    /// The kind of the storage below.
    public var kind: String { wrapped.kind }
    /// The bucket of the storage below.
    public var bucket: String { wrapped.bucket }

    /// How many calls were made, those that failed included.
    public var callCount: Int { plan.withLock { $0.callCount } }

    /// Lets one call fail.
    ///
    /// - Parameter number: Which one, counting every call of the protocol from 1.
    /// - Parameter error: What it throws.
    public func fail(call number: Int, _ moment: Moment = .beforehand, with error: StoreError = unreachable) {
        plan.withLock { $0.faults[number] = (moment, error) }
    }

    /// What a call throws unless another error is given: code `objectStorage`.
    public static let unreachable = StoreError(
        .objectStorage, "object storage cannot be reached (a fault made for a test)", hint: "Repeat the call.")

    public func put(_ bytes: Data, at key: ObjectKey, sha256: String) async throws {
        try await passOn { try await wrapped.put(bytes, at: key, sha256: sha256) }
    }

    public func get(_ key: ObjectKey, expecting expected: ImageFacts) async throws -> Data {
        try await passOn { try await wrapped.get(key, expecting: expected) }
    }

    public func verify(_ key: ObjectKey, expecting expected: ImageFacts) async throws {
        try await passOn { try await wrapped.verify(key, expecting: expected) }
    }

    public func head(_ key: ObjectKey) async throws -> Int64? {
        try await passOn { try await wrapped.head(key) }
    }

    public func delete(_ key: ObjectKey) async throws {
        try await passOn { try await wrapped.delete(key) }
    }

    public func list(after cursor: String?, limit: Int) async throws -> ObjectPage {
        try await passOn { try await wrapped.list(after: cursor, limit: limit) }
    }

    public func move(_ key: ObjectKey, to newKey: ObjectKey) async throws {
        try await passOn { try await wrapped.move(key, to: newKey) }
    }

    private func passOn<Value: Sendable>(_ call: () async throws -> Value) async throws -> Value {
        let fault = plan.withLock { plan in
            plan.callCount += 1
            return plan.faults[plan.callCount]
        }
        if let fault, fault.moment == .beforehand { throw fault.error }
        let value = try await call()
        if let fault { throw fault.error }
        return value
    }
}
