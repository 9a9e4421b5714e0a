public import Foundation

/// Somewhere that keeps image bytes under keys.
///
/// Laws, which the conformance suite in `ArtifactStoreTesting` checks:
/// 1. When `put` returns, the bytes survive a power cut, and `get` and `head` find them at once.
/// 2. `put` never overwrites. The same bytes under the same key again succeed; other bytes throw `objectExists` and
///    leave the first ones as they were.
/// 3. `put` fails with `objectDamaged`, and stores nothing, when the bytes do not have the digest it was given.
/// 4. A `put` that throws leaves nothing under the key. One exception: when only the last step failed (the sync that
///    makes the object's name durable, or the answer on its way back), the whole object may be there already. It is
///    not taken back, since another caller may rely on it; the same `put` again then succeeds.
/// 5. `get` returns exactly the bytes that were put, or throws: `notFound` when there are none, `objectDamaged` when
///    their number or digest is not the expected one. `verify` throws what `get` would.
/// 6. Keys are used byte for byte: never decoded, normalised, globbed or resolved.
/// 7. Every call may run at the same time as every other, from any task.
/// 8. When `delete` returns, the object is gone, and a power cut does not bring it back. A key that holds nothing is
///    no error.
/// 9. Pages of `list` lead to every object that is there all the while, once, whatever is stored and deleted meanwhile,
///    and whoever asks for the next page.
/// 10. `move` never overwrites, and at no moment, crashes included, are the bytes under neither of the two keys.
///     Repeating it after a crash finishes it.
public protocol ObjectStorage: Sendable {
    /// Goes into the `kind` of a ``StorageReference``, such as `directory` or `s3`.
    var kind: String { get }
    /// Goes into the `bucket` of a ``StorageReference``.
    var bucket: String { get }

    /// Stores bytes durably under a key that holds nothing yet, or these very bytes.
    ///
    /// - Parameter sha256: The bytes' digest in lower-case hexadecimal, compared with what is written.
    /// - Throws: ``StoreError`` with code `objectExists`, `objectDamaged`, `objectStorage`, or `invalidInput` when the
    ///   storage cannot hold such a key or so many bytes; or `CancellationError`.
    func put(_ bytes: Data, at key: ObjectKey, sha256: String) async throws

    /// The bytes under a key, compared with what is known about them.
    ///
    /// - Parameter expected: The byte count and digest to compare; what is nil is not compared.
    /// - Throws: ``StoreError`` with code `notFound`, `objectDamaged` or `objectStorage`, or `CancellationError`.
    func get(_ key: ObjectKey, expecting expected: ImageFacts) async throws -> Data

    /// Reads an object and compares it with what is known about it, without keeping its bytes: memory stays bounded
    /// however large it is.
    ///
    /// - Throws: What ``get(_:expecting:)`` throws.
    func verify(_ key: ObjectKey, expecting expected: ImageFacts) async throws

    /// How many bytes are under a key; nil when there is no such object.
    ///
    /// - Throws: ``StoreError`` with code `objectStorage`, or `CancellationError`.
    func head(_ key: ObjectKey) async throws -> Int64?

    /// Removes an object; that there is none is no error.
    ///
    /// - Throws: ``StoreError`` with code `objectStorage`, also where the storage sees that nothing was ever stored in it:
    ///   it is the wrong one; or `CancellationError`.
    func delete(_ key: ObjectKey) async throws

    /// Removes many objects; that some are not there is no error.
    ///
    /// - Returns: The keys that could not be removed, and why. All others are gone.
    /// - Throws: ``StoreError`` with code `objectStorage` when it gave up: some are gone, and repeating the call is safe.
    ///   Or `CancellationError`.
    func delete(_ keys: [ObjectKey]) async throws -> [ObjectKey: StoreError]

    /// One page of everything that is stored, in an order of the storage's own.
    ///
    /// - Parameter cursor: Where to go on: an earlier page's ``ObjectPage/next``, or nil for the first page.
    /// - Parameter limit: Objects in a page at most, 1 to 10,000. A page may have fewer, or none, and not be the last.
    /// - Throws: ``StoreError`` with code `invalidInput` when the limit is out of range, or `objectStorage`; or
    ///   `CancellationError`.
    func list(after cursor: String?, limit: Int) async throws -> ObjectPage

    /// Gives an object another key in the same bucket.
    ///
    /// - Throws: ``StoreError`` with code `notFound` when neither key holds an object, `objectExists` when the new one
    ///   holds other bytes, `objectStorage`, or `invalidInput` when the storage cannot hold such a key; or
    ///   `CancellationError`.
    func move(_ key: ObjectKey, to newKey: ObjectKey) async throws
}

extension ObjectStorage {
    /// One by one, eight at once.
    ///
    /// - Throws: `CancellationError`, or what deleting one object throws beside ``StoreError``.
    public func delete(_ keys: [ObjectKey]) async throws -> [ObjectKey: StoreError] {
        let failures = try await keys.concurrentMap(atOnce: 8) { key -> (ObjectKey, StoreError)? in
            do {
                try await delete(key)
                return nil
            } catch let error as StoreError {
                return (key, error)
            }
        }
        return Dictionary(failures.compactMap(\.self)) { $1 }
    }
}
