internal import ArgumentParser
internal import ArtifactStore

struct URLsPurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Forget signed URLs that have expired.",
        discussion: """
            Only metadata is kept of a signed URL, and losing it loses nothing. Deletes in bounded batches.

            EXAMPLE
              artifacts urls purge --database renders.sqlite
            """)

    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForWriting()
        let count = try await store.purgeSignedURLs()
        try await store.close()
        Terminal.note("forgot \(count) signed URL\(count == 1 ? "" : "s")")
    }
}
