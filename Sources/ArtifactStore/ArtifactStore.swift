/// A durable store of generated-image artifacts: an SQLite file for the records, object storage for the bytes.
///
/// What it guarantees:
/// - When `begin`, `complete` or `fail` returns, its record survives a power cut (WAL with `synchronous = FULL`).
/// - An artifact goes from `pending` to `completed` or `failed`, once, and never changes afterwards. Triggers in the
///   file itself hold this, against any program.
/// - Bytes are stored and synced before the record says `completed`.
/// - Repeating any call with the same id, key or claim converges to one artifact.
///
/// Reads run in parallel; writes of concurrent callers share commits. Several processes may open one file.
/// Everything throws ``StoreError`` or `CancellationError`.
///
/// ```swift
/// let store = try await ArtifactStore.open(at: "artifacts.sqlite", objects: .directory("objects", bucket: "renders"))
/// ```
public struct ArtifactStore: Sendable {
    let repository: ArtifactRepository
    /// Where bytes are kept; nil for hosts that store bytes themselves.
    public let objects: (any ObjectStorage)?
    /// Who this store is in claims.
    public var owner: String { repository.options.owner ?? processName }

    /// Opens a store with object storage. By default a missing store is made and an older schema is migrated.
    ///
    /// - Parameter path: The database file. Its last component must be no symbolic link, and no URI.
    /// - Throws: ``StoreError`` `unsafePath`, `notAnArtifactStore`, `storeTooNew`, `schemaMismatch` (each with nothing
    ///   touched), `notFound`, `busy`, `database`, or what `objects` throws.
    public static func open(
        at path: String, objects: some ObjectStorage, options: StoreOptions = StoreOptions()
    ) async throws -> ArtifactStore {
        try await open(at: path, storage: objects, options)
    }

    /// Opens a store for a host that stores bytes itself, or only queries.
    ///
    /// - Throws: As ``open(at:objects:options:)``.
    public static func open(at path: String, options: StoreOptions = StoreOptions()) async throws -> ArtifactStore {
        try await open(at: path, storage: nil, options)
    }

    private static func open(
        at path: String, storage: (any ObjectStorage)?, _ options: StoreOptions
    ) async throws -> ArtifactStore {
        let database = try await BlockingWork.run { try StoreDatabase.open(path, options) }
        return ArtifactStore(
            repository: ArtifactRepository(database: database, options: options), objects: storage)
    }

    /// The schema versions before and after opening; equal when nothing was migrated, and from 0 for a new store.
    public var migration: (from: Int, to: Int) {
        (repository.database.migration.fromVersion, repository.database.migration.toVersion)
    }

    /// Waits for writes under way, then closes the file. Later calls throw `closed`.
    ///
    /// - Throws: ``StoreError`` `busy` when other processes keep the lock, or `database`.
    public func close() async throws {
        try await repository.database.close()
    }
}
