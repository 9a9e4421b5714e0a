internal import ArgumentParser
internal import ArtifactStore

struct MigrateStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which migrations a store has been through, and which it lacks.",
        discussion: """
            Changes nothing. A store whose history is not this program's is shown, too; the exit code then says why it \
            is refused.

            EXAMPLE
              artifacts migrate status --database renders.sqlite
            """)

    @OptionGroup var format: FormatOption
    @OptionGroup var database: DatabaseOption

    func run() async throws {
        let argument = try database.argument()
        let status = try await ArtifactStore.migrationStatus(at: database.path())
        try Terminal.write(
            format.text(
                table: Self.text(status, argument), document: status.json, rows: status.migrations,
                columns: Self.columns))
        if let refusal = status.refusal { throw refusal }
    }

    private static let columns = [
        "version", "name", "state", "appliedAt", "applicationVersion", "durationMs", "chainHash",
    ]

    private static func text(_ status: MigrationStatus, _ database: String) -> String {
        var table = Table(
            [
                .init(title: "VERSION"), .init(title: "MIGRATION", cut: (0, 20)), .init(title: "STATE"),
                .init(title: "APPLIED", leftOut: 1), .init(title: "BY", leftOut: 0), .init(title: "MS", leftOut: 2),
            ], width: Terminal.width)
        for step in status.applied {
            table.add(
                [
                    "\(step.version)", step.name, "applied", "\(step.appliedAt)", step.applicationVersion,
                    "\(step.durationMs)",
                ], colour: [2: .green])
        }
        for step in status.pending {
            table.add(["\(step.version)", step.name, "pending", "", "", ""], colour: [2: .yellow])
        }
        var layout: Table.Layout?
        let end: String
        if status.refusal != nil {
            end = "This build's schema version is \(status.newestVersion), and it refuses this history."
        } else if status.pending.isEmpty {
            end = "The schema is current: version \(status.schemaVersion)."
        } else {
            end = """
                Schema version \(status.schemaVersion); this build has \(status.newestVersion). Next:
                  artifacts migrate plan \(database)
                  artifacts migrate up \(database)
                """
        }
        return table.text(continuing: &layout) + end + "\n"
    }
}
