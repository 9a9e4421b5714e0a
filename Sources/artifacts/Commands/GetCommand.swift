internal import ArgumentParser
internal import ArtifactStore
internal import Foundation

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Get an artifact's image bytes, verified.",
        discussion: """
            The bytes are compared with the recorded byte count and SHA-256 before anything is written. An existing \
            file is never overwritten.

            EXAMPLES
              artifacts get art_01kf… --output lighthouse.png
              artifacts get art_01kf… | display
            """)

    @Argument(help: "The artifact's id.") var id: String
    @Option(
        name: [.short, .long], help: ArgumentHelp("The file to write. Default: standard output.", valueName: "file"),
        completion: .file())
    var output: String?
    @OptionGroup var database: DatabaseOption
    @OptionGroup var objects: ObjectsOption

    func validate() throws {
        guard output != "" else { throw ValidationError("--output must name a file") }
    }

    func run() async throws {
        let store = try await database.openForReading()
        let artifact = try await store.artifact(ArtifactID(id))
        try await store.close()
        guard let storage = artifact.storage else {
            throw StoreError(
                .notFound, "artifact \(id) is \(artifact.status.rawValue) and has no image",
                hint: "artifacts show \(ShellWord.quoted(id)) says why.")
        }
        let objects = try objects.storage(holding: storage.reference, besides: try database.path())
        let bytes = try await Self.read(storage, from: objects)
        if let output, output != "-" {
            try Self.write(bytes, to: output)
            Terminal.note("wrote \(bytes.count) bytes of \(storage.facts.contentType ?? "an image") to \(output)")
        } else {
            guard !Terminal.isInteractive else {
                throw StoreError(
                    .invalidInput, "image bytes do not belong on a terminal", hint: "Give --output FILE, or a pipe.")
            }
            try Terminal.write(bytes)
        }
    }

    /// - Throws: ``StoreError``. A missing object is a failure of the storage: the artifact itself was found.
    private static func read(_ storage: ArtifactStorage, from objects: any ObjectStorage) async throws -> Data {
        do {
            return try await objects.get(storage.reference.objectKey, expecting: storage.facts)
        } catch let error as StoreError where error.code == .notFound {
            throw StoreError(
                .objectStorage, error.message,
                hint: "It was deleted, or is in another place: name that with --objects.")
        }
    }

    /// Whole or not at all, and never over something else.
    private static func write(_ bytes: Data, to path: String) throws {
        let draft = "\(path).part-\(getpid())"
        defer { unlink(draft) }
        do {
            try bytes.write(to: URL(fileURLWithPath: draft), options: .withoutOverwriting)
        } catch {
            throw StoreError(
                .database, "\(path) cannot be written", hint: "Check that its folder exists, is writable and has space."
            )
        }
        guard link(draft, path) == 0 else {
            let code = errno
            throw StoreError(
                code == EEXIST ? .conflict : .database,
                code == EEXIST
                    ? "\(path) exists already" : "\(path) cannot be written: \(String(cString: strerror(code)))",
                hint: "Choose another name, or remove it first.", underlyingCode: code)
        }
    }
}
