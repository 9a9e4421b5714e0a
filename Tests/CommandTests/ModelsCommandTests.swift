import ArtifactStore
import Foundation
import Testing

@Suite("artifacts models")
struct ModelsCommandTests {
    private static let litellm = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("ArtifactStoreTests/Fixtures/litellm-models.json").path

    private static let own: JSONValue = [
        "models": [
            [
                "model": "painter", "provider": "openai", "supportsImageGeneration": true,
                "imageGenerationMode": "direct_image_model",
                "prices": ["currency": "USD", "inputTextTokens": "5", "outputImageTokens": "32.50", "image": "0.04"],
            ],
            [
                "model": "writer", "supportsImageGeneration": true, "supportsImageInput": true,
                "imageGenerationMode": "hosted_image_generation_tool", "inputModalities": ["text", "image"],
                "outputModalities": ["text", "image"], "capabilities": ["tools", "streaming"],
            ],
            ["model": "reader", "supportsImageGeneration": false, "outputModalities": ["text"]],
            ["model": "gpt-image-9", "provider": "x"],
        ]
    ]

    private func prepared() async throws -> StoreFolder {
        let store = try await StoreFolder()
        let imported = try await store.run(["models", "import", try store.write(Self.own)])
        #expect(imported.status == 0, "\(imported.errors)")
        #expect(imported.output.contains("catalogue revision 1"))
        return store
    }

    private func names(_ store: StoreFolder, _ options: String...) async throws -> [String?] {
        let list = try await store.run(["models", "list", "--format", "ndjson"] + options)
        #expect(list.status == 0, "\(list.errors)")
        return try list.jsonLines().map { $0["model"]?.string }
    }

    @Test("LiteLLM's own file comes in with a report that adds up, twice in a row without a second revision")
    func litellm() async throws {
        let store = try await StoreFolder()
        let words = ["models", "import", Self.litellm, "--source", "litellm", "--format", "json"]
        let report = try await store.run(words).json()
        #expect(report["revision"] == 1 && report["entryCount"] == 662)
        #expect(report["added"]?.array?.count == 661 && report["notModels"]?.array?.count == 1)
        #expect(report["refused"] == [] && report["unchanged"] == 0)
        #expect(report["notDeclared"]?.array?.isEmpty == false)
        let again = try await store.run(words).json()
        #expect(again["revision"] == .null && again["unchanged"] == 661)
        let revisions = try await store.run(["models", "diff", "--format", "json"]).json()["revisions"]?.array
        #expect(revisions?.count == 1 && revisions?.first?["modelCount"] == 661)
        // The sqlite3 shell counts for itself.
        let counted = try await Command.start(
            "/usr/bin/sqlite3",
            [
                store.database,
                "SELECT count(*) FROM catalogueModel JOIN modelDeclaration USING (declarationId) "
                    + "WHERE supportsImageGeneration = 'yes'",
            ]
        ).finish()
        #expect(counted.lines == ["432"])
        #expect(try await names(store, "--modalities", "image").count == 432)
    }

    @Test("list shows what puts out any of the modalities, and every other filter must hold")
    func list() async throws {
        let store = try await prepared()
        #expect(try await names(store) == ["reader", "writer"])
        #expect(try await names(store, "--modalities", "image") == ["painter", "writer"])
        #expect(try await names(store, "--modalities", "text,image") == ["painter", "reader", "writer"])
        #expect(try await names(store, "--modalities", "text,image", "--mode", "direct_image_model") == ["painter"])
        #expect(try await names(store, "--modalities", "image", "--provider", "openai") == ["painter"])
        #expect(try await names(store, "--capability", "tools") == ["writer"])
        #expect(try await names(store, "--image-input", "true") == ["writer"])
        #expect(try await names(store, "--image-input", "unknown") == ["reader"])
        #expect(try await names(store, "--image-input", "false").isEmpty)
        let none = try await store.run(["models", "list", "--modalities", "video"])
        #expect(none.status == 0 && none.errors.contains("no model matches"))
        for wrong in [
            ["--modalities", "Text"], ["--modalities", "text,"], ["--mode", "magic"], ["--image-input", "no"],
        ] {
            #expect(try await store.run(["models", "list"] + wrong).status == 64, "\(wrong)")
        }
        #expect(try await store.run(["models", "list", "--revision", "7"]).status == 3)
    }

    @Test("Every format has the same declarations, prices as exact decimal text")
    func formats() async throws {
        let store = try await prepared()
        let json = try await store.run(["models", "list", "--modalities", "text,image", "--format", "json"])
        let models = try #require(try json.json()["models"]?.array)
        #expect(
            models.first == [
                "model": "painter", "provider": "openai", "source": "declared", "supportsImageGeneration": true,
                "supportsImageInput": "unknown", "imageGenerationMode": "direct_image_model",
                "prices": ["currency": "USD", "inputTextTokens": "5", "outputImageTokens": "32.5", "image": "0.04"],
            ])
        let csv = try await store.run(["models", "list", "--modalities", "text,image", "--format", "csv"])
        #expect(
            csv.output == """
                model,provider,source,supportsImageGeneration,supportsImageInput,imageGenerationMode,inputModalities,\
                outputModalities,capabilities,prices.currency,prices.inputTextTokens,prices.inputImageTokens,\
                prices.cachedInputTextTokens,prices.cachedInputImageTokens,prices.outputTextTokens,\
                prices.outputImageTokens,prices.image,prices.largestInputTokens\r
                painter,openai,declared,true,unknown,direct_image_model,,,,USD,5,,,,,32.5,0.04,\r
                reader,,declared,false,unknown,none,,"[""text""]",,,,,,,,,,\r
                writer,,declared,true,true,hosted_image_generation_tool,"[""image"",""text""]","[""image"",""text""]",\
                "[""streaming"",""tools""]",,,,,,,,,\r\n
                """)
        let table = try await store.run(["models", "list", "--modalities", "image"])
        #expect(table.lines.count == 3 && table.lines[0].hasPrefix("MODEL "))
        // The output of list is a list that can be imported.
        let path = store.path(of: "again.json")
        try json.bytes.write(to: URL(fileURLWithPath: path))
        let again = try await store.run(["models", "import", path, "--format", "json"]).json()
        #expect(again["unchanged"] == 3 && again["removed"] == ["gpt-image-9"])
    }

    @Test("show prints one model, by its exact name and in any revision")
    func show() async throws {
        let store = try await prepared()
        let shown = try await store.run(["models", "show", "painter"])
        #expect(shown.output.contains("32.5 a million tokens") && shown.output.contains("0.04 an image"))
        let json = try await store.run(["models", "show", "gpt-image-9", "--format", "json"]).json()
        #expect(json["supportsImageGeneration"] == "unknown", "a name says nothing")
        #expect(try await store.run(["models", "show", "painter", "--format", "csv"]).lines.count == 2)
        #expect(try await store.run(["models", "show", "Painter"]).status == 3)
        #expect(try await store.run(["models", "show", "painter", "--revision", "2"]).status == 3)
        #expect(try await store.run(["models", "show", "painter", "--revision", "1"]).status == 0)
    }

    @Test("diff shows what a revision changed, field by field, and lists the revisions without arguments")
    func diff() async throws {
        let store = try await prepared()
        let next: JSONValue = [
            "models": [["model": "reader", "supportsImageGeneration": true, "provider": "b"], ["model": "new"]]
        ]
        #expect(try await store.run(["models", "import", try store.write(next)]).status == 0)
        let diff = try await store.run(["models", "diff", "1", "--format", "json"]).json()
        #expect(diff["from"] == 1 && diff["to"] == 2)
        #expect(diff["added"] == ["new"] && diff["removed"] == ["gpt-image-9", "painter", "writer"])
        #expect(
            diff["changed"] == [
                [
                    "model": "reader",
                    "fields": [
                        ["name": "provider", "old": .null, "new": "b"],
                        ["name": "supportsImageGeneration", "old": "false", "new": "true"],
                        ["name": "imageGenerationMode", "old": "none", "new": .null],
                        ["name": "outputModalities", "old": "[\"text\"]", "new": .null],
                    ],
                ]
            ])
        #expect(try await store.run(["models", "diff", "1", "2", "--format", "json"]).json() == diff)
        let back = try await store.run(["models", "diff", "2", "1", "--format", "json"]).json()
        #expect(back["added"] == diff["removed"] && back["removed"] == diff["added"])
        #expect(try await store.run(["models", "diff", "1", "--format", "ndjson"]).jsonLines().count == 4 + 4)
        #expect(try await store.run(["models", "diff", "1"]).output.contains("false -> true"))
        #expect(try await store.run(["models", "diff", "--format", "ndjson"]).jsonLines().count == 2)
        #expect(try await store.run(["models", "diff"]).lines.count == 3)
        #expect(try await store.run(["models", "diff", "9"]).status == 3)
    }

    @Test("A wrong list is refused with model and field, and changes nothing")
    func refused() async throws {
        let store = try await prepared()
        let before = store.bytes()
        let wrong = try store.write([
            "models": [["model": "m", "supportsImageGeneration": false, "imageGenerationMode": "direct_image_model"]]
        ])
        let result = try await store.run(["models", "import", wrong])
        #expect(result.status == 64 && result.errors.contains("\"m\"") && result.errors.contains("imageGenerationMode"))
        #expect(try await store.run(["models", "import", Self.litellm]).status == 64, "another source's form")
        #expect(try await store.run(["models", "import", wrong, "--source", "hearsay"]).status == 64)
        #expect(try await store.run(["models", "import", store.path(of: "none.json")]).status == 64)
        #expect(try await store.shell("echo nonsense | artifacts models import -").status == 64)
        #expect(store.bytes() == before)
        let piped = try await store.shell("artifacts models import - < '\(try store.write(Self.own))' --format json")
        #expect(try piped.json()["unchanged"] == 4)
    }
}
