internal import ArgumentParser
internal import ArtifactStore
internal import Foundation

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Get an artifact's image bytes, verified.",
        discussion: """
            The bytes are compared with the recorded byte count and SHA-256 before anything goes to standard output or \
            the file gets its name. An existing file is never overwritten.

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
        let object = ArtifactBytes(storage: storage, objects: objects)
        if let output, output != "-" {
            let count = try await Self.write(object, to: output)
            Terminal.note("wrote \(count) bytes of \(storage.facts.contentType ?? "an image") to \(output)")
        } else {
            guard !Terminal.isInteractive else {
                throw StoreError(
                    .invalidInput, "image bytes do not belong on a terminal", hint: "Give --output FILE, or a pipe.")
            }
            // Nothing can be taken back there, so what does not come whole is read twice.
            if !object.comesWhole { try await object.read { _ in } }
            try await object.read { try Terminal.write($0) }
        }
    }

    /// Whole or not at all, and never over something else.
    ///
    /// - Returns: How many bytes were written.
    private static func write(_ object: ArtifactBytes, to path: String) async throws -> Int {
        let draft = "\(path).part-\(getpid())"
        return try await Interruption.removing(draft) {
            defer { unlink(draft) }
            let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o666)
            guard descriptor >= 0 else { throw cannotBeWritten(path) }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            var count = 0
            try await object.read { bytes in
                guard (try? file.write(contentsOf: bytes)) != nil else { throw cannotBeWritten(path) }
                count += bytes.count
            }
            guard link(draft, path) == 0 else {
                let code = errno
                throw StoreError(
                    code == EEXIST ? .conflict : .database,
                    code == EEXIST
                        ? "\(path) exists already" : "\(path) cannot be written: \(String(cString: strerror(code)))",
                    hint: "Choose another name, or remove it first.", underlyingCode: code)
            }
            return count
        }
    }

    private static func cannotBeWritten(_ path: String) -> StoreError {
        StoreError(
            .database, "\(path) cannot be written", hint: "Check that its folder exists, is writable and has space.")
    }
}
