internal import ArgumentParser
internal import ArtifactStore

struct MigrateVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare a store's schema with the one its history makes.",
        discussion: """
            Names every table, index, trigger and view that is missing, different or unexpected. Changes nothing. Exits \
            with 11 when something differs.

            EXAMPLE
              artifacts migrate verify --database renders.sqlite
            """)

    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let differences = try await ArtifactStore.verifySchema(at: database.path())
        try Terminal.write(
            format.text(
                table: Self.text(differences),
                document: .object([.init("differences", .array(differences.map(\.json)))]),
                rows: differences.map(\.json), columns: ["kind", "type", "name", "expected", "actual"]))
        if !differences.isEmpty { throw ExitCode.checkFailed }
    }

    private static func text(_ differences: [SchemaDifference]) -> String {
        guard !differences.isEmpty else { return "the schema is the one that its history makes\n" }
        var detail = DetailText()
        for difference in differences {
            detail.heading(Printable.text(difference.description))
            if let words = difference.firstDifference {
                detail.line("history", "… \(words.expected) …")
                detail.line("store", "… \(words.actual) …")
            } else {
                detail.line("history", difference.expected)
                detail.line("store", difference.actual)
            }
        }
        return detail.text
    }
}
