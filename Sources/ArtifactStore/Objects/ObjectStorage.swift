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
///    their number or digest is not the expected one.
/// 6. Keys are used byte for byte: never decoded, normalised, globbed or resolved.
/// 7. Every call may run at the same time as every other, from any task.
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

    /// How many bytes are under a key; nil when there is no such object.
    ///
    /// - Throws: ``StoreError`` with code `objectStorage`, or `CancellationError`.
    func head(_ key: ObjectKey) async throws -> Int64?
}
