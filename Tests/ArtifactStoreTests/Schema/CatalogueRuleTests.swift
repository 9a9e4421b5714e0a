import ArtifactStoreTesting
import GRDB
import Testing

@testable import ArtifactStore

/// What a raw shell cannot do to the catalogue.
@Suite("Rules of the catalogue that the database itself holds")
struct CatalogueRuleTests {
    @Test("SQL and Swift accept the same declarations, and refuse the same")
    func sameRules() async throws {
        let temporary = try await TemporaryStore.open()
        var random = RandomDeclaration(seed: 13)
        let declarations = (0..<8_000).map { _ in random.any() }
        let accepted = try await temporary.store.repository.database.write(alone: true) { db in
            let insert = try PreparedStatement(db, ArtifactRepository.insertDeclaration)
            return declarations.enumerated().map { index, declaration in
                let digest = SHA256Hex.of("\(index)".utf8)
                let id = try? insert.first({ ArtifactRepository.bind(declaration, digest, to: &$0) }) { $0.int64(0) }
                return id != nil
            }
        }
        for (declaration, isAccepted) in zip(declarations, accepted) {
            #expect(((try? declaration.validate()) != nil) == isAccepted, "\(declaration.json.compactText)")
        }
        #expect((15..<7_900).contains(accepted.count { $0 }))
    }

    @Test("Each contradiction alone is refused by the constraint that has its name")
    func contradictions() async throws {
        let temporary = try await TemporaryStore.open()
        let cases: [(ModelDeclaration, String)] = [
            (ModelDeclaration(model: "m", imageGenerationMode: .directImageModel), "modeNeedsSupport"),
            (ModelDeclaration(model: "m", imageGenerationMode: ImageGenerationMode.none), "noneMeansNoSupport"),
            (ModelDeclaration(model: "m", supportsImageGeneration: .no), "noneMeansNoSupport"),
            (
                ModelDeclaration(
                    model: "m", supportsImageGeneration: .yes, imageGenerationMode: ImageGenerationMode.none),
                "noneMeansNoSupport"
            ),
            (
                ModelDeclaration(model: "m", supportsImageGeneration: .yes, outputModalities: [.text]),
                "supportAgreesWithOutput"
            ),
            (ModelDeclaration(model: "m", outputModalities: [.image]), "supportAgreesWithOutput"),
            (
                ModelDeclaration(model: "m", supportsImageInput: .yes, inputModalities: [.text]),
                "imageInputAgreesWithInput"
            ),
            (ModelDeclaration(model: "m", inputModalities: [.image]), "imageInputAgreesWithInput"),
            (ModelDeclaration(model: "m", prices: ModelPrices(currency: "USD")), "pricesHaveTheirCurrency"),
        ]
        for (declaration, constraint) in cases {
            let error = await storeError {
                try await temporary.store.repository.database.write { db in
                    try PreparedStatement(db, ArtifactRepository.insertDeclaration)
                        .run { ArtifactRepository.bind(declaration, declaration.digest, to: &$0) }
                }
            }
            #expect(error?.message.contains(constraint) == true, "\(constraint): \(error?.message ?? "accepted")")
        }
    }

    @Test("Long lists and names are refused by both")
    func lengths() async throws {
        let temporary = try await TemporaryStore.open()
        let names = (0..<900).map { "capability-\($0)" }
        for (declaration, isRight) in [
            (ModelDeclaration(model: String(repeating: "m", count: 256)), true),
            (ModelDeclaration(model: String(repeating: "m", count: 257)), false),
            (ModelDeclaration(model: "m", capabilities: Array(names.prefix(400))), true),
            (ModelDeclaration(model: "m", capabilities: names), false),
        ] {
            #expect(((try? declaration.validate()) != nil) == isRight)
            let error = await storeError {
                try await temporary.store.repository.database.write { db in
                    try PreparedStatement(db, ArtifactRepository.insertDeclaration)
                        .run { ArtifactRepository.bind(declaration, declaration.digest, to: &$0) }
                }
            }
            #expect((error == nil) == isRight)
        }
    }

    @Test("Revisions, their models and declarations never change, go, or get company later")
    func fixed() async throws {
        let temporary = try await TemporaryStore.open()
        for name in ["a", "b"] {
            let list = JSONValue.object([.init("models", [ModelDeclaration(model: name).json])])
            _ = try await temporary.store.importCatalogue(Array(list.compactText.utf8))
        }
        let shell = try temporary.shell()
        let statements =
            ["catalogueRevision", "modelDeclaration", "catalogueModel"].map { "DELETE FROM \($0)" } + [
                "UPDATE catalogueRevision SET adopted = 1", "UPDATE catalogueRevision SET importedAt = 0",
                "UPDATE modelDeclaration SET provider = 'x'", "UPDATE catalogueModel SET declarationId = 1",
                "UPDATE catalogueModel SET revision = 2 WHERE revision = 1",
                "INSERT OR REPLACE INTO catalogueRevision SELECT 1, sha256, source, 0, adopted FROM catalogueRevision",
                "INSERT INTO catalogueModel VALUES (1, 'b', 2)",
                "INSERT INTO catalogueModel VALUES (2, 'x', 1)",
                "INSERT OR REPLACE INTO catalogueModel VALUES (2, 'b', 1)",
                "INSERT INTO catalogueModel VALUES (3, 'a', 1)",
                "INSERT INTO catalogueModel VALUES (2, 'a', 99)",
                """
                INSERT OR REPLACE INTO modelDeclaration (sha256, model, source, supportsImageGeneration,
                    supportsImageInput, imageGenerationMode)
                SELECT sha256, 'c', 'declared', 'unknown', 'unknown', 'unknown' FROM modelDeclaration WHERE model = 'a'
                """,
            ]
        for sql in statements {
            await #expect(throws: DatabaseError.self, "\(sql)") {
                try await shell.write { db in try db.execute(sql: sql) }
            }
        }
        #expect(try await temporary.store.repository.declarations(in: 1).declarations == [ModelDeclaration(model: "a")])
        #expect(try await temporary.store.repository.declarations(in: 2).declarations == [ModelDeclaration(model: "b")])
        // A model may join the last revision as long as nothing was admitted under it.
        try await shell.write { db in try db.execute(sql: "INSERT INTO catalogueModel VALUES (2, 'a', 1)") }
    }
}
