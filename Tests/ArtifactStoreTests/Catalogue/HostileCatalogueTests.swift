import ArtifactStoreTesting
import Testing

@testable import ArtifactStore

@Suite("Hostile lists of models")
struct HostileCatalogueTests {
    private static let files: [(CatalogueSource, String)] = [
        (
            .declared,
            """
            {"models":[{"model":"a","supportsImageGeneration":true,"imageGenerationMode":"direct_image_model",
            "outputModalities":["image"],"prices":{"currency":"USD","image":"0.04","inputTextTokens":5e0}},{"model":"b"}]}
            """
        ),
        (
            .litellm,
            """
            {"a":{"mode":"image_generation","litellm_provider":"x","output_cost_per_image":4e-02,"supports_vision":true,
            "input_cost_per_token":1.5e-06,"input_cost_per_token_above_200k_tokens":3e-06},"b":{"mode":"chat"}}
            """
        ),
        (
            .openrouter,
            """
            {"data":[{"id":"a","architecture":{"input_modalities":["text"],"output_modalities":["text"]},
            "pricing":{"prompt":"0.000003","completion":"-1"},"supported_parameters":["tools"]},{"id":"b"}]}
            """
        ),
    ]

    @Test("A file changed in any byte is refused, or read so that its report adds up", arguments: files)
    func changed(source: CatalogueSource, text: String) throws {
        var generator = SeededGenerator(seed: 14)
        var (read, refused) = (0, 0)
        let bytes = Array(text.utf8)
        for round in 0..<6_000 {
            var changed = bytes
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch round % 4 {
            case 0: changed[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: changed.remove(at: place)
            case 2:
                changed.insert(contentsOf: Array("0\"[]{},:-e9".utf8).shuffled(using: &generator).prefix(2), at: place)
            default: changed[place] = Array("0123456789abcdef\"".utf8).randomElement(using: &generator) ?? 0
            }
            do {
                let draft = try CatalogueDraft.read(changed, as: source)
                let report = CatalogueSnapshot().importing(draft).report
                #expect(report.added.count + report.notModels.count + report.refused.count == report.entryCount)
                for declaration in draft.declarations { try declaration.validate() }
                read += 1
            } catch {
                #expect(error.code == .invalidInput)
                refused += 1
            }
        }
        #expect(read > 100 && refused > 100)
    }

    @Test("Names that are too long, empty or hold NUL are refused, and stand in the report cut")
    func names() throws {
        let huge = String(repeating: "é", count: 100_000)
        for name in [huge, "", "a\0b"] {
            let litellm = try CatalogueFiles.litellm(["mode": "chat"], named: name)
            let router = try CatalogueFiles.draft([["id": .string(name)]], as: .openrouter)
            for draft in [litellm, router] {
                #expect(draft.declarations.isEmpty && draft.refused.map(\.field) == ["model"])
                #expect(draft.refused.allSatisfy { $0.model.utf8.count <= 256 && $0.reason.utf8.count <= 256 })
            }
            let list: JSONValue = ["models": [["model": .string(name)]]]
            #expect(throws: StoreError.self) { try CatalogueFiles.draft(list, as: .declared) }
            do {
                _ = try CatalogueFiles.draft(list, as: .declared)
            } catch let error as StoreError {
                #expect(error.message.utf8.count < 1_000)
            }
        }
    }

    @Test("Values of every shape in the place of every member are refused or read, never more")
    func shapes() throws {
        let values: [JSONValue] = [
            .null, true, 0, .number("-1"), .number("1e400"), "", "NaN", "é", [], [[]], [.null], [:], ["a": ["b": [:]]],
        ]
        let names = [
            "mode", "litellm_provider", "supported_modalities", "supported_output_modalities", "supported_endpoints",
            "supports_vision", "input_cost_per_token", "output_cost_per_image", "input_cost_per_pixel",
            "output_cost_per_image_2K", "x_above_200k_tokens", "id", "architecture", "pricing", "supported_parameters",
        ]
        for value in values {
            for name in names {
                let entry = JSONValue.object([.init(name, value)])
                let litellm = try CatalogueFiles.litellm(entry)
                #expect(litellm.declarations.count + litellm.refused.count + litellm.notModels.count == 1)
                let router = try CatalogueFiles.draft([entry], as: .openrouter)
                #expect(router.declarations.count + router.refused.count == 1)
            }
        }
    }
}
