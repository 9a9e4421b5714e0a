internal import ArgumentParser
internal import ArtifactStore

struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Fail pending artifacts whose claim has expired.",
        discussion: """
            Prints the ids of the artifacts it failed, one a line. An artifact whose claim is alive is never touched.

            EXAMPLE
              artifacts sweep --database renders.sqlite
            """)

    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let store = try await database.openForWriting()
        let swept = try await store.sweep()
        try await store.close()
        try Terminal.write(swept.map { "\(Printable.text($0.text))\n" }.joined())
        Terminal.note("swept \(counted(swept.count))")
    }
}
