internal import ArgumentParser
internal import ArtifactStore

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a store, or check the one that is there.",
        discussion: """
            Makes the database (0600) and the folder of image objects (0700). On an existing store it changes nothing.

            EXAMPLE
              artifacts init --database renders.sqlite
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var objects: ObjectsOption

    func run() async throws {
        let path = try database.path()
        let store = try await database.openForWriting(.createIfMissing)
        let folder = objects.folder(besides: path)
        _ = try DirectoryObjectStorage(root: folder, bucket: ObjectsOption.bucket)
        let made = store.migration.from == 0
        try await store.close()
        let places = [try database.absolutePath(), AbsolutePath.of(folder)].map(Printable.text)
        try Terminal.write(
            "\(made ? "made" : "found") the store \(places[0]) (schema version \(store.migration.to)), "
                + "objects in \(places[1])\n")
    }
}
