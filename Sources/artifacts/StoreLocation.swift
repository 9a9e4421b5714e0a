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

    /// Opens the store for queries, with one connection: the process asks one thing and ends.
    func openForReading() async throws -> ArtifactStore {
        var options = StoreOptions()
        options.access = .readOnly
        options.maximumReaders = 1
        return try await ArtifactStore.open(at: path(), options: options)
    }

    /// Opens the store for a command that writes. Only `migrate up` may change its schema.
    func openForWriting(_ access: StoreOptions.Access = .readWrite) async throws -> ArtifactStore {
        try await ArtifactStore.open(at: path(), options: Self.writing(access))
    }

    /// How a command that writes opens a store.
    static func writing(_ access: StoreOptions.Access = .readWrite) -> StoreOptions {
        var options = StoreOptions()
        options.access = access
        options.migratesSchema = false
        options.maximumReaders = 1
        return options
    }
}
