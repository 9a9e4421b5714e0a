public import ArtifactStore

/// A store of its own for one test: a real SQLite file and a real folder of objects, on a clock that stands still.
///
/// ```swift
/// let temporary = try await TemporaryStore.open()
/// let artifact = try await temporary.store.produce(request, for: "run_1") { _ in answer }
/// temporary.clock.advance(by: .seconds(601))
/// ```
public struct TemporaryStore: Sendable {
    /// Removed with everything in it when the last copy of this value goes.
    public let folder: TemporaryFolder
    /// What time the store believes it is.
    public let clock: ManualClock
    public let store: ArtifactStore

    /// The database file.
    public var path: String { Self.path(in: folder) }

    /// Makes a store in a new folder, or opens another connection to the one in `folder`.
    ///
    /// - Parameters:
    ///   - objects: Another object storage than the folder `objects` beside the database.
    ///   - configure: Changes the options before opening.
    /// - Throws: What ``ArtifactStore/open(at:objects:options:)`` and ``TemporaryFolder/init()`` throw.
    public static func open(
        in folder: TemporaryFolder? = nil, clock: ManualClock = ManualClock(), objects: (any ObjectStorage)? = nil,
        configure: @Sendable (inout StoreOptions) -> Void = { _ in }
    ) async throws -> TemporaryStore {
        let folder = try folder ?? TemporaryFolder()
        var options = StoreOptions()
        options.now = { clock.now }
        configure(&options)
        let storage: any ObjectStorage =
            try objects ?? DirectoryObjectStorage(root: folder.path(of: "objects"), bucket: "renders")
        let store = try await open(path(in: folder), storage, options)
        return TemporaryStore(folder: folder, clock: clock, store: store)
    }

    private static func open(
        _ path: String, _ objects: some ObjectStorage, _ options: StoreOptions
    ) async throws -> ArtifactStore {
        try await ArtifactStore.open(at: path, objects: objects, options: options)
    }

    private static func path(in folder: TemporaryFolder) -> String {
        folder.path(of: "artifacts.sqlite")
    }
}
