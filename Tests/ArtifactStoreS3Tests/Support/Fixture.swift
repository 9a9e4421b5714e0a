import ArtifactStore
import ArtifactStoreTesting
import Foundation

/// What a model was asked and answered, where that does not matter.
enum Fixture {
    static let request = GeneratedImageRequest(prompt: "a lighthouse", model: "gpt-image-1")
    static let execution = ModelExecution(provider: "openai", imageGenerationMode: .directImageModel)

    static func answer(_ bytes: Data = SampleImage.png()) -> ProviderAnswer {
        ProviderAnswer(outcome: .finished([.image(GeneratedImage(bytes: bytes))]), execution: execution)
    }
}
