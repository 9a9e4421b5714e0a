import ArtifactStoreTesting
import Foundation
import GRDB

@testable import ArtifactStore

/// Stores whose prompts are made of few words, and a second way to tell what a search finds in them.
enum SearchFixture {
    /// Words with everything in them that FTS5 could take for syntax. Quotation marks are inside words only: at the
    /// beginning, one starts a phrase.
    static let vocabulary = [
        "lighthouse", "Lighthouse", "LIGHTHOUSE's", "dusk", "at", "sea", "été", "ETE", "Ünïcode", "naïve", "AND", "OR",
        "NOT", "NEAR", "near(sea", "sea*", "^sea", "prompt:sea", "(dusk)", "-dusk", "x-ray", "5\"x7\"", "дом", "Дом",
        "湖畔", "7", "1.5", "e_f", "sea+dusk", "{sea}", "—", "'", "a\\b", ";--",
    ]

    static func text(_ generator: inout SeededGenerator, atMost count: Int = 7) -> String {
        let words = (0..<Int.random(in: 1...count, using: &generator)).map { _ in
            vocabulary.randomElement(using: &generator) ?? ""
        }
        return words.joined(separator: [" ", "  ", "\n", "\t"].randomElement(using: &generator) ?? " ")
    }

    /// A search: what is handed over, and the texts that have to be found, each as a run of tokens.
    struct Search: CustomStringConvertible {
        let text: String
        let runs: [[String]]

        var description: String { text }

        init(_ generator: inout SeededGenerator) {
            var (strings, runs): ([String], [[String]]) = ([], [])
            repeat {
                let isPhrase = Int.random(in: 0..<4, using: &generator) == 0
                let string =
                    isPhrase ? SearchFixture.text(&generator, atMost: 2) : vocabulary.randomElement(using: &generator)
                let plain = (string ?? "").replacing("\"", with: isPhrase ? " " : "\"")
                strings.append(isPhrase ? "\"\(plain)\"" : plain)
                runs.append(tokens(plain))
            } while runs.allSatisfy(\.isEmpty) || Int.random(in: 0..<3, using: &generator) == 0
            text = strings.joined(separator: " ")
            self.runs = runs.filter { !$0.isEmpty }
        }

        func finds(_ artifact: GeneratedImageArtifact) -> Bool {
            let texts = [artifact.request.prompt, artifact.modelExecution?.revisedPrompt].compactMap { $0 }.map(tokens)
            return runs.allSatisfy { run in
                texts.contains { text in
                    text.indices.contains { text[$0...].starts(with: run) }
                }
            }
        }
    }

    /// Letters and digits, their case and diacritics folded away.
    static func tokens(_ text: String) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber }.map {
            $0.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
        }
    }

    /// A store in which everything has happened that changes prompts: completions with and without a revised prompt,
    /// failures, takeovers, deletions, an import, and inserts past the library.
    static func populated(seed: UInt64, count: Int = 160) async throws -> TemporaryStore {
        var generator = SeededGenerator(seed: seed)
        let source = try await TemporaryStore.open()
        try await fill(source, count / 4, "imported", &generator)
        let export = try TemporaryFolder()
        _ = try await source.store.export(to: export.path(of: "export"))
        let temporary = try await TemporaryStore.open(clock: source.clock)
        try await fill(temporary, count / 4, "before", &generator)
        _ = try await temporary.store.importArtifacts(from: export.path(of: "export"))
        try await fill(temporary, count / 4, "after", &generator)
        for index in 0..<count / 4 {
            let prompt = text(&generator)
            try await temporary.shell().write { db in
                try db.execute(
                    sql: """
                        INSERT INTO artifact (artifactId, parentRunId, requestFingerprint, createdAt, claimOwner,
                            fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel)
                        VALUES (?, 'run_1', ?, ?, 'shell', 1, 0, 0, ?, 'model-1')
                        """,
                    arguments: [
                        "raw\(index)", String(repeating: "a", count: 64), temporary.clock.now.milliseconds, prompt,
                    ])
            }
        }
        return temporary
    }

    private static func fill(
        _ temporary: TemporaryStore, _ count: Int, _ name: String, _ generator: inout SeededGenerator
    ) async throws {
        let other = try await TemporaryStore.open(in: temporary.folder, clock: temporary.clock) { $0.owner = "other" }
        for index in 0..<count {
            var request = Fixture.request
            request.prompt = text(&generator)
            request.model = "model-\(index % 3)"
            let versions = VersionContext(skillVersion: "s\(index % 4)", promptVersion: index % 2 == 0 ? "p1" : nil)
            let context = ArtifactContext(versionContext: versions)
            let run = "run_\(index % 8)"
            let key = "\(name) \(index)"
            var claim = try await temporary.store.begin(request, for: run, idempotencyKey: key, context: context).claim
            temporary.clock.advance(by: .seconds(Int.random(in: 0...1200, using: &generator)))
            if temporary.clock.now >= claim.expiresAt {
                claim = try await other.store.begin(request, for: run, idempotencyKey: key, context: context).claim
            }
            var execution = ModelExecution(provider: "provider-\(index % 3)")
            if index % 2 == 0 { execution.revisedPrompt = text(&generator) }
            switch index % 6 {
            case 0: break
            case 1: try await temporary.store.fail(claim, Fixture.failure, execution: execution)
            default:
                try await temporary.store.complete(
                    claim, at: Fixture.reference("\(name)/\(index)"), facts: Fixture.facts, execution: execution)
            }
            if index % 6 != 0, index % 7 == 3 { try await temporary.store.delete(claim.artifactId) }
        }
        try await other.store.close()
    }

    static func all(_ temporary: TemporaryStore) async throws -> [GeneratedImageArtifact] {
        try await temporary.store.page(order: .oldestFirst, limit: 1000).artifacts
    }
}
