internal import ArgumentParser
internal import ArtifactStore
internal import Foundation

@main
struct Artifacts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifacts",
        abstract: "Record and query generated-image artifacts.",
        discussion: """
            A store is one SQLite file and, beside it, a folder of image objects or a bucket of S3 (s3://BUCKET). \
            Name them with --database and --objects, or once for all with ARTIFACTS_DATABASE and ARTIFACTS_OBJECTS.

            EXAMPLES
              artifacts init --database renders.sqlite
              artifacts record --run run_8f3 --request req.json --response answer.json
              artifacts list --status failed --since 2026-03-01
              artifacts run run_8f3
              artifacts get art_01kf… --output lighthouse.png
              artifacts events --follow --format ndjson

            EXIT CODES
              0 success             1 anything else       3 not found            4 conflict
              5 busy                6 schema too new      7 not an artifact store
              8 storage failure     9 outcome unknown    10 schema not this build's
              11 check failed      64 bad input

            Errors go to standard error, with a hint. For completions in your shell, put the output of \
            artifacts --generate-completion-script bash (or zsh, fish) where it looks for them.
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, RecordCommand.self, ListCommand.self, ShowCommand.self, RunCommand.self,
            GetCommand.self, EventsCommand.self, SweepCommand.self, DeleteCommand.self, StatsCommand.self,
            UsageCommand.self, FailuresCommand.self, VerifyCommand.self, DoctorCommand.self, MigrateCommand.self,
            ReindexCommand.self, BackupCommand.self, RestoreCommand.self, ExportCommand.self, ImportCommand.self,
            URLCommand.self, URLsCommand.self, ModelsCommand.self, RecomputeCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as StoreError {
            Terminal.complain(error)
            Foundation.exit(error.exitCode)
        } catch {
            exit(withError: error)
        }
    }
}
