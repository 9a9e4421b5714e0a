internal import ArgumentParser
internal import ArtifactStore

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one artifact in full.",
        discussion: """
            EXAMPLE
              artifacts show art_01kf… --format json
            """)

    @Argument(help: "The artifact's id.") var id: String
    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForReading()
        let artifact = try await store.artifact(ArtifactID(id))
        try await store.close()
        try Terminal.write(
            format.format == .table
                ? DetailText.artifact(artifact)
                : ArtifactPrinter.text([artifact], as: format.format, document: artifact.json))
    }
}
