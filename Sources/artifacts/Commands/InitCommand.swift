internal import ArgumentParser
internal import ArtifactStore

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a store, or check the one that is there.",
        discussion: """
            Makes the database (0600) and the folder of image objects (0700). On an existing store it changes nothing. \
            A bucket must be there already.

            EXAMPLE
              artifacts init --database renders.sqlite
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var objects: ObjectsOption

    func run() async throws {
        let path = try database.path()
        let place = try objects.place(besides: path)
        // A bucket's options are checked before anything is made; no folder is made for a database that is refused.
        if case .bucket = place { _ = try objects.storage(besides: path) }
        let store = try await database.openForWriting(.createIfMissing)
        if case .folder = place { _ = try objects.storage(besides: path) }
        let made = store.migration.from == 0
        try await store.close()
        try Terminal.write(
            "\(made ? "made" : "found") the store \(Printable.text(try database.absolutePath())) "
                + "(schema version \(store.migration.to)), objects in \(Printable.text("\(place)"))\n")
    }
}
