import Foundation

@testable import ArtifactStore

/// Lists of models that tests import.
enum CatalogueFiles {
    /// LiteLLM's own file: 661 models and the template they follow.
    static let litellmPath = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/litellm-models.json").path

    static func litellm() throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: litellmPath)))
    }

    /// LiteLLM's file as Foundation reads it, for a second look at everything.
    static func litellmEntries() throws -> [String: [String: Any]] {
        try JSONSerialization.jsonObject(with: Data(litellm())) as? [String: [String: Any]] ?? [:]
    }

    static func draft(_ json: JSONValue, as source: CatalogueSource) throws -> CatalogueDraft {
        try CatalogueDraft.read(Array(json.compactText.utf8), as: source)
    }

    /// A LiteLLM file with one entry.
    static func litellm(_ entry: JSONValue, named name: String = "m") throws -> CatalogueDraft {
        try draft(.object([.init(name, entry)]), as: .litellm)
    }
}
