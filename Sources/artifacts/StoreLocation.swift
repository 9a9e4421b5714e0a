internal import ArgumentParser
internal import ArtifactStore
internal import Foundation

/// Variables the command reads.
enum Environment {
    /// The variable's value. One that is set to nothing counts as not set, as scripts clear variables that way.
    static func value(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Which database a command works on.
struct DatabaseOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("The store's database file. Default: $ARTIFACTS_DATABASE.", valueName: "file"),
        completion: .file())
    var database: String?

    /// - Throws: ``StoreError`` `invalidInput` when neither the option nor the variable names one.
    func path() throws(StoreError) -> String {
        guard let path = database ?? Environment.value("ARTIFACTS_DATABASE") else {
            throw StoreError(
                .invalidInput, "no database is named", hint: "Give --database FILE, or set ARTIFACTS_DATABASE.")
        }
        return path
    }

    /// The path from the root on: for commands to run later, in whatever folder.
    func absolutePath() throws(StoreError) -> String {
        AbsolutePath.of(try path())
    }

    /// `--database FILE` for a command that the person may copy.
    func argument() throws(StoreError) -> String {
        "--database \(ShellWord.quoted(try absolutePath()))"
    }

    /// Opens the store for queries.
    func openForReading() async throws -> ArtifactStore {
        try await ArtifactStore.open(at: path(), options: Self.options(.readOnly))
    }

    /// Opens the store for a command that writes. Only `migrate up` may change its schema.
    func openForWriting(_ access: StoreOptions.Access = .readWrite) async throws -> ArtifactStore {
        try await ArtifactStore.open(at: path(), options: Self.options(access))
    }

    /// Opens the store with its objects. Their folder is made where it is not there.
    func open(_ access: StoreOptions.Access, with objects: ObjectsOption) async throws -> ArtifactStore {
        // Before that: a database that is refused must leave nothing behind.
        try await openForReading().close()
        let path = try path()
        return try await ArtifactStore.open(
            at: path, objects: objects.storage(besides: path), options: Self.options(access))
    }

    /// How a command opens a store: with one connection, since the process asks one thing and ends.
    static func options(_ access: StoreOptions.Access) -> StoreOptions {
        var options = StoreOptions()
        options.access = access
        options.migratesSchema = false
        options.maximumReaders = 1
        return options
    }
}
