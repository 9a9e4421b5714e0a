internal import ArgumentParser
internal import ArtifactStore

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Keep the model catalogue: what models are declared to do and to cost.",
        discussion: """
            Nothing is read off a model's name. What no source declares is unknown, which is never taken for no.

            EXAMPLES
              artifacts models import models.json
              artifacts models list --modalities text,image
              artifacts models show gpt-image-1.5
              artifacts models diff 1

            Docs/CATALOGUE.md has the form of the files.
            """,
        subcommands: [
            ModelsImportCommand.self, ModelsListCommand.self, ModelsShowCommand.self, ModelsDiffCommand.self,
        ])
}
