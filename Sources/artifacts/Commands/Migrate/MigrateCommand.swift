internal import ArgumentParser
internal import ArtifactStore

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "See, rehearse, run and check migrations of the schema.",
        discussion: """
            Other commands refuse a store of another schema version and change nothing in it.

            EXAMPLES
              artifacts migrate status    # where the store stands
              artifacts migrate plan      # rehearse on a copy: rows, checks, time, space
              artifacts migrate up        # a verified backup, then all migrations or none

            Docs/MIGRATIONS.md tells how to roll back and recover.
            """,
        subcommands: [
            MigrateStatusCommand.self, MigratePlanCommand.self, MigrateUpCommand.self, MigrateVerifyCommand.self,
            MigrateLintCommand.self,
        ])
}
