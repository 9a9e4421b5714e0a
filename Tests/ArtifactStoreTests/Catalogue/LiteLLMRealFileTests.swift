import Foundation
import Testing

@testable import ArtifactStore

/// Everything about LiteLLM's own file, looked at a second time through Foundation's JSON and decimal arithmetic.
@Suite("LiteLLM's own file")
struct LiteLLMRealFileTests {
    private let draft: CatalogueDraft
    private let report: CatalogueImportReport
    private let entries: [String: [String: Any]]
    private let models: [String: ModelDeclaration]

    init() throws {
        draft = try CatalogueDraft.read(CatalogueFiles.litellm(), as: .litellm)
        report = CatalogueSnapshot().importing(draft).report
        entries = try CatalogueFiles.litellmEntries()
        models = Dictionary(uniqueKeysWithValues: draft.declarations.map { ($0.model, $0) })
    }

    private func words(_ entry: [String: Any], _ name: String) -> [String]? { entry[name] as? [String] }

    @Test("Every entry is a model, but for the template that describes them")
    func everyEntry() {
        #expect(entries.count == 662)
        #expect(report.entryCount == entries.count)
        #expect(report.notModels.map(\.name) == ["sample_spec"])
        #expect(report.refused.isEmpty)
        #expect(report.added.count == 661)
        #expect(Set(report.added) == Set(entries.keys).subtracting(["sample_spec"]))
        #expect(report.added.count + report.notModels.count + report.refused.count == report.entryCount)
    }

    @Test("Which models make images is as their modes, endpoints and output modalities say")
    func generation() throws {
        var counts: [DeclaredSupport: Int] = [:]
        for (name, model) in models {
            let entry = try #require(entries[name])
            let output = words(entry, "supported_output_modalities")
            let expected: (DeclaredSupport, ImageGenerationMode?)
            switch entry["mode"] as? String {
            case "image_generation": expected = (.yes, .directImageModel)
            case "image_edit":
                let isMaker = words(entry, "supported_endpoints")?.contains("/v1/images/generations") ?? false
                expected = isMaker ? (.yes, .directImageModel) : (.unknown, nil)
            default: expected = output?.contains("image") == true ? (.yes, nil) : (.unknown, nil)
            }
            #expect(model.supportsImageGeneration == expected.0, "\(name)")
            #expect(model.imageGenerationMode == expected.1, "\(name)")
            #expect(model.outputModalities?.map(\.rawValue) == output.map { Set($0).sorted() }, "\(name)")
            counts[model.supportsImageGeneration, default: 0] += 1
        }
        // 414 image models, 2 editors that also generate, 16 chat models that put out images; nothing says no.
        #expect(counts == [.yes: 414 + 2 + 16, .unknown: 661 - 432])
    }

    @Test("Which models take images is as their vision and input modalities say")
    func input() throws {
        for (name, model) in models {
            let entry = try #require(entries[name])
            let input = words(entry, "supported_modalities")
            let vision = entry["supports_vision"] as? Bool
            let expected: DeclaredSupport
            if entry["mode"] as? String == "image_edit" {
                expected = .yes
            } else if let takes = vision ?? input?.contains("image") {
                expected = takes ? .yes : .no
            } else {
                expected = .unknown
            }
            #expect(model.supportsImageInput == expected, "\(name)")
            #expect(model.inputModalities?.map(\.rawValue) == input.map { Set($0).sorted() }, "\(name)")
            #expect(model.provider == entry["litellm_provider"] as? String)
            let capabilities = entry.filter { $0.key.hasPrefix("supports_") && $0.value as? Bool == true }
                .map { String($0.key.dropFirst("supports_".count)) }.sorted()
            #expect(model.capabilities ?? [] == capabilities, "\(name)")
        }
    }

    /// The file's number as a whole number of millionths.
    private func micros(_ entry: [String: Any], _ field: String, times factor: Decimal) throws -> Int64? {
        guard let number = entry[field] as? NSNumber else { return nil }
        return Int64("\(try #require(Decimal(string: "\(number.doubleValue)")) * factor * 1_000_000)")
    }

    @Test("Every price that is declared is the file's, to the last digit")
    func prices() throws {
        let fields: [(String, ModelPrices.Kind, Decimal)] = [
            ("input_cost_per_token", .inputTextTokens, 1_000_000),
            ("input_cost_per_image_token", .inputImageTokens, 1_000_000),
            ("cache_read_input_token_cost", .cachedInputTextTokens, 1_000_000),
            ("cache_read_input_image_token_cost", .cachedInputImageTokens, 1_000_000),
            ("output_cost_per_token", .outputTextTokens, 1_000_000),
            ("output_cost_per_image_token", .outputImageTokens, 1_000_000), ("output_cost_per_image", .image, 1),
        ]
        var declared: [String: Int] = [:]
        var missing: [String: Int] = [:]
        for (name, model) in models {
            let entry = try #require(entries[name])
            for (field, kind, factor) in fields {
                let inFile = try micros(entry, field, times: factor)
                if let price = model.prices?[kind] {
                    #expect(price == inFile, "\(name) \(field)")
                    declared[kind.rawValue, default: 0] += 1
                } else if entry[field] != nil, model.prices != nil {
                    missing["prices.\(kind.rawValue)", default: 0] += 1
                }
            }
            let limits = entry.keys.compactMap { key -> Int64? in
                guard let match = key.wholeMatch(of: /.*_above_(\d+)k_tokens/) else { return nil }
                return Int64(match.output.1).map { $0 * 1_000 }
            }
            #expect(model.prices == nil || model.prices?.largestInputTokens == limits.min(), "\(name)")
        }
        #expect(
            declared["inputTextTokens"]
                == entries.count { $0.key != "sample_spec" && $0.value["input_cost_per_token"] != nil })
        // What is missing beside other prices is in the report, and nothing else is.
        let reported = report.notDeclared.filter { $0.field.hasPrefix("prices.") }
        for (field, count) in missing {
            #expect(reported.filter { $0.field == field }.reduce(0) { $0 + $1.count } >= count)
        }
        #expect(missing == ["prices.image": missing["prices.image"] ?? 0])
    }

    @Test("No price for an image stands where the file charges by tokens, pixels or size as well")
    func withheld() throws {
        var charges: [String: Int] = [:]
        for (name, model) in models {
            let entry = try #require(entries[name])
            func isCharged(_ field: String) -> Bool { (entry[field] as? NSNumber).map { $0.doubleValue != 0 } ?? false }
            if isCharged("input_cost_per_pixel") || isCharged("output_cost_per_pixel") {
                #expect(model.prices == nil, "\(name)")
                charges["pixel", default: 0] += 1
                continue
            }
            let sizes = entry.keys.filter { $0.wholeMatch(of: /output_cost_per_image_(?!token).+/) != nil }
            if isCharged("output_cost_per_image_token") || isCharged("input_cost_per_image")
                || sizes.contains(where: isCharged)
            {
                #expect(model.prices?.image == nil, "\(name)")
                charges[sizes.isEmpty ? "other" : "size", default: 0] += 1
            } else if entry["output_cost_per_image"] != nil {
                #expect(model.prices?.image != nil, "\(name)")
                charges["image", default: 0] += 1
            }
        }
        #expect(charges.count == 4, "\(charges)")
    }

    @Test("Each field that stays unknown is counted with its reason, once a model")
    func gaps() {
        let declarations = draft.declarations
        let unknown: [(String, Int)] = [
            ("supportsImageGeneration", declarations.count { $0.supportsImageGeneration == .unknown }),
            ("supportsImageInput", declarations.count { $0.supportsImageInput == .unknown }),
            ("imageGenerationMode", declarations.count { $0.imageGenerationMode == nil }),
            ("inputModalities", declarations.count { $0.inputModalities == nil }),
            ("outputModalities", declarations.count { $0.outputModalities == nil }),
            ("capabilities", declarations.count { $0.capabilities == nil }),
            ("provider", declarations.count { $0.provider == nil }),
            ("prices", declarations.count { $0.prices == nil }),
        ]
        for (field, count) in unknown {
            let reported = report.notDeclared.filter { $0.field == field }
            #expect(reported.reduce(0) { $0 + $1.count } == count, "\(field)")
        }
        for gap in report.notDeclared {
            #expect(gap.count > 0 && gap.examples.count == min(gap.count, CatalogueImportReport.exampleCount))
        }
        // Of 44 editors, 2 also generate; of 203 that chat or respond, 16 put out images and 78 have no list.
        let reasons = report.notDeclared.filter { $0.field == "supportsImageGeneration" }.map(\.count).sorted()
        #expect(reasons == [44 - 2, 78, 179 + 24 - 16 - 78])
    }

    @Test("Imported again, nothing is new; without a model, that one is removed")
    func again() throws {
        let first = CatalogueSnapshot().importing(draft).snapshot
        let second = first.importing(draft)
        #expect(second.snapshot.digest == first.digest)
        #expect(second.report.unchanged == 661)
        #expect(second.report.added.isEmpty && second.report.changed.isEmpty && second.report.removed.isEmpty)

        guard case .object(var members) = try JSONParser.parse(CatalogueFiles.litellm()) else { return }
        let gone = members.removeLast().name
        let shorter = try CatalogueFiles.draft(.object(members), as: .litellm)
        let third = first.importing(shorter)
        #expect(third.report.removed == [gone])
        #expect(third.report.unchanged == 660 && third.report.entryCount == 661)
    }
}
