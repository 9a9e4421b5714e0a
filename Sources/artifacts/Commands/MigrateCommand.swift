internal import ArgumentParser
internal import ArtifactStore

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring a store's schema to this program's version.",
        discussion: """
            All pending migrations run in one transaction: afterwards the store has the new schema or the old one, \
            never something between. Other commands refuse a store that needs migrating.

            EXAMPLE
              artifacts migrate --database renders.sqlite
            """)

    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForWriting(migratesSchema: true)
        let (from, to) = store.migration
        try await store.close()
        try Terminal.write(
            from == to ? "schema version \(to); nothing to do\n" : "migrated from schema version \(from) to \(to)\n")
    }
}
