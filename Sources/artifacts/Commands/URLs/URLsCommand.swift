internal import ArgumentParser

struct URLsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "urls", abstract: "Keep the metadata of signed URLs small.",
        discussion: """
            EXAMPLE
              artifacts urls purge --database renders.sqlite
            """,
        subcommands: [URLsPurgeCommand.self])
}
