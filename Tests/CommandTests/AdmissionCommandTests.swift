import ArtifactStore
import Testing

@Suite("artifacts record under a catalogue, and artifacts recompute")
struct AdmissionCommandTests {
    private static func catalogue(_ price: String, _ supports: JSONValue = true) -> JSONValue {
        var painter: [JSONValue.Member] = [
            .init("model", "gpt-image-1.5"), .init("provider", "openai"), .init("supportsImageGeneration", supports),
        ]
        if supports == true {
            painter.append(.init("imageGenerationMode", "direct_image_model"))
            painter.append(.init("outputModalities", ["image"]))
            painter.append(
                .init("prices", ["currency": "USD", "inputTextTokens": "5", "outputImageTokens": .string(price)]))
        }
        return [
            "models": [
                .object(painter),
                [
                    "model": "another", "provider": "openai", "supportsImageGeneration": true,
                    "imageGenerationMode": "hosted_image_generation_tool",
                ],
            ]
        ]
    }

    @Test("A recorded image has the cost that its tokens have, and a corrected price changes it with an event")
    func recompute() async throws {
        let store = try await StoreFolder()
        #expect(try await store.run(["recompute"]).status == 3, "there is no catalogue")
        _ = try await store.run(["models", "import", store.write(Self.catalogue("32"))])
        let artifact = try #require(try await store.record("openai-images-completed").first)
        let id = try #require(artifact["artifactId"]?.string)
        let usage = try #require(artifact["usage"])
        let tokens = try (
            input: #require(usage["inputTextTokens"]?.integer), output: #require(usage["outputTokens"]?.integer)
        )
        #expect(artifact["admission"] == ["imageGenerationSupport": true, "catalogueRevision": 1])
        #expect(usage["costSource"] == "computed" && usage["priceRevision"] == 1)
        #expect(usage[path: "cost", "micros"]?.integer == tokens.input * 5 + tokens.output * 32)
        let shown = try await store.run(["show", id]).output
        #expect(shown.contains("costSource") && shown.contains("computed") && shown.contains("priceRevision"))

        _ = try await store.run(["models", "import", store.write(Self.catalogue("40"))])
        #expect(try await store.run(["recompute", "--model", "none", "--format", "json"]).json()["changed"] == 0)
        let report = try await store.run(["recompute", "--format", "json"]).json()
        #expect(report == ["revision": 2, "changed": 1, "unchanged": 0, "withoutPrice": 0])
        let after = try await store.run(["show", id, "--format", "json"]).json()
        let expected = tokens.input * 5 + tokens.output * 40
        #expect(after[path: "usage", "cost", "micros"]?.integer == expected)
        #expect(after[path: "usage", "priceRevision"] == 2 && after["admission"] == artifact["admission"])
        let sum = try await store.run(["usage", "--by", "model", "--format", "json"]).json()
        #expect(sum[path: "usage", "costs"] == [["micros": .integer(expected), "currency": "USD"]])
        let events = try await store.run(["events", "--format", "ndjson"]).jsonLines()
        #expect(events.last?["kind"] == "cost_recomputed" && events.last?["artifactId"]?.string == id)
        let table = try await store.run(["recompute"])
        #expect(table.output.contains("unchanged") && table.status == 0)
    }

    @Test("An answer of a model that is declared to make no images is recorded all the same, with its image")
    func declaredNone() async throws {
        let store = try await StoreFolder()
        _ = try await store.run(["models", "import", store.write(Self.catalogue("32", false))])
        let artifact = try #require(try await store.record("openai-images-completed").first)
        #expect(artifact["status"] == "completed")
        #expect(artifact["admission"] == ["imageGenerationSupport": false, "catalogueRevision": 1])
        let id = try #require(artifact["artifactId"]?.string)
        #expect(try await store.run(["get", id]).bytes.isEmpty == false)
    }
}
