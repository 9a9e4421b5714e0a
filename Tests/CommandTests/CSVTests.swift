import ArtifactStore
import Testing

@Suite("Comma-separated values")
struct CSVTests {
    private static let hostile = [
        "two\nlines", "two\r\nlines", "a \"quoted\" word", "\"", "commas, commas", "  spaces  ", "=1+1",
        // A combining mark makes another Swift character of the quote before it.
        "\"\u{301}, \"\u{308}", "灯台 🗼", "\t\u{1B}[31m", "a,\"b\"\n,,\r\"\"",
    ]

    @Test("CSV parses back to the values of the JSON, whatever the prompts hold")
    func sameAsJSON() async throws {
        let store = try await StoreFolder()
        for prompt in Self.hostile {
            _ = try await store.record([
                "prompt": .string(prompt), "model": "model-a", "extraParameters": ["note": .string(prompt), "n": 1],
            ])
        }
        try await store.record("openai-images-rate-limited")
        try await store.record("openai-images-two-images")
        let artifacts = try await store.run(["list", "--format", "ndjson"]).jsonLines()
        let result = try await store.run(["list", "--format", "csv"])
        let records = try CSVText.parse(result.output)
        #expect(records.count == artifacts.count + 1)
        #expect(Self.hostile == artifacts.compactMap { $0[path: "request", "prompt"]?.string }.suffix(11).reversed())
        for (record, artifact) in zip(records.dropFirst(), artifacts) {
            try #require(record.count == records[0].count)
            for (column, field) in zip(records[0], record) {
                let value = column.split(separator: ".").reduce(artifact as JSONValue?) { $0?[String($1)] }
                switch value ?? .null {
                case .null: #expect(field.isEmpty, "\(column)")
                case .string(let text): #expect(field.utf8.elementsEqual(text.utf8), "\(column)")
                case .number(let literal): #expect(field == literal, "\(column)")
                case let other: #expect(try JSONParser.parse(field) == other, "\(column)")
                }
            }
        }
    }

    @Test("Every member of an artifact has its column")
    func columns() async throws {
        let store = try await StoreFolder()
        try await store.record("openai-responses-tool-call", key: "tool")
        try await store.record("openai-images-rate-limited")
        try await store.record("openai-images-two-images")
        let columns = try CSVText.parse(try await store.run(["list", "--format", "csv"]).output)[0]
        for artifact in try await store.run(["list", "--format", "ndjson"]).jsonLines() {
            for path in Self.paths(artifact) {
                // A column may hold a whole object as JSON.
                #expect(columns.contains { path == $0 || path.hasPrefix("\($0).") }, "\(path)")
            }
        }
    }

    private static func paths(_ value: JSONValue) -> [String] {
        guard let members = value.members else { return value == .null ? [] : [""] }
        return members.flatMap { member in
            paths(member.value).map { $0.isEmpty ? member.name : "\(member.name).\($0)" }
        }
    }

    @Test("All pages together have one heading, in CSV and in tables")
    func pages() async throws {
        let store = try await StoreFolder()
        for _ in 0..<2 { try await store.record("openai-images-two-images") }
        let whole = try await store.run(["list", "--format", "csv"]).output
        let paged = ["list", "--all", "--limit", "1"]
        #expect(try await store.run(paged + ["--format", "csv"]).output == whole)
        let table = try await store.run(paged).lines
        #expect(table.count == 5)
        #expect(table.filter { $0.hasPrefix("ARTIFACT") }.count == 1)
    }
}
