internal import GRDB

/// The model catalogue: revisions, which never change, of declarations that they share.
extension ArtifactRepository {
    private static let revisionColumns = """
        revision, sha256, source, importedAt, adopted, \
        (SELECT count(*) FROM catalogueModel WHERE catalogueModel.revision = catalogueRevision.revision)
        """
    static let selectRevisions = """
        SELECT \(revisionColumns) FROM catalogueRevision WHERE revision > 0 ORDER BY revision
        """
    static let selectRevision = "SELECT \(revisionColumns) FROM catalogueRevision WHERE revision = ?"
    static let selectCurrentRevision = """
        SELECT revision, sha256 FROM catalogueRevision INDEXED BY catalogueRevisionInForce \
        WHERE adopted = 0 AND revision > 0 ORDER BY revision DESC LIMIT 1
        """
    private static let declarationColumns = """
        modelDeclaration.model, provider, source, supportsImageGeneration, supportsImageInput, imageGenerationMode, \
        inputModalities, outputModalities, capabilities, priceCurrency, inputTextTokenPrice, inputImageTokenPrice, \
        cachedInputTextTokenPrice, cachedInputImageTokenPrice, outputTextTokenPrice, outputImageTokenPrice, \
        imagePrice, largestInputTokens
        """
    private static let fromCatalogue = """
        FROM catalogueModel CROSS JOIN modelDeclaration USING (declarationId) WHERE catalogueModel.revision = ?
        """
    static let selectDeclarations = """
        SELECT \(declarationColumns) \(fromCatalogue) ORDER BY catalogueModel.model
        """
    static let selectDeclaration = "SELECT \(declarationColumns) \(fromCatalogue) AND catalogueModel.model = ?"
    static let selectDeclarationId = "SELECT declarationId FROM modelDeclaration WHERE sha256 = ?"
    static let insertRevision = """
        INSERT INTO catalogueRevision (sha256, source, importedAt, adopted) VALUES (?, ?, ?, ?) RETURNING revision
        """
    static let insertDeclaration = """
        INSERT INTO modelDeclaration (model, provider, source, supportsImageGeneration, supportsImageInput, \
        imageGenerationMode, inputModalities, outputModalities, capabilities, priceCurrency, inputTextTokenPrice, \
        inputImageTokenPrice, cachedInputTextTokenPrice, cachedInputImageTokenPrice, outputTextTokenPrice, \
        outputImageTokenPrice, imagePrice, largestInputTokens, sha256) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING declarationId
        """
    static let insertModel = "INSERT INTO catalogueModel (revision, model, declarationId) VALUES (?, ?, ?)"

    /// Lays a draft upon the current revision and makes the next one, unless nothing changed.
    func importCatalogue(_ draft: CatalogueDraft) async throws -> CatalogueImportReport {
        try await database.write(alone: true) { [options] db in
            let current = try PreparedStatement(db, Self.selectCurrentRevision)
                .first { (revision: $0.int64(0), sha256: try $0.text(1)) }
            let before = CatalogueSnapshot(try current.map { try Self.declarations(db, $0.revision) } ?? [])
            var (after, report) = before.importing(draft)
            let digest = after.digest
            guard digest != current?.sha256 ?? before.digest else { return report }
            report.revision = try Self.insert(db, after, digest, from: draft.source, at: options.now())
            return report
        }
    }

    static func insert(
        _ db: Database, _ snapshot: CatalogueSnapshot, _ digest: String, from source: CatalogueSource,
        at now: Timestamp, isAdopted: Bool = false
    ) throws -> Int64 {
        let made = try PreparedStatement(db, insertRevision).first({
            $0.bind(digest)
            $0.bind(source.rawValue)
            $0.bind(now)
            $0.bind(isAdopted ? Int64(1) : 0)
        }) { $0.int64(0) }
        guard let revision = made else { throw rowMissing("catalogueRevision") }
        let known = try PreparedStatement(db, selectDeclarationId)
        let insert = try PreparedStatement(db, insertDeclaration)
        let join = try PreparedStatement(db, insertModel)
        for declaration in snapshot.declarations {
            let digest = declaration.digest
            let id =
                try known.first({ $0.bind(digest) }) { $0.int64(0) }
                ?? insert.first({ bind(declaration, digest, to: &$0) }) { $0.int64(0) }
            guard let id else { throw rowMissing("modelDeclaration") }
            try join.run {
                $0.bind(revision)
                $0.bind(declaration.model)
                $0.bind(id)
            }
        }
        return revision
    }

    private static func rowMissing(_ table: String) -> StoreError {
        StoreError(
            .database, "a row that was just inserted into \(table) has no number",
            hint: "Check the database with artifacts doctor.")
    }

    static func bind(
        _ declaration: ModelDeclaration, _ digest: String, to arguments: inout PreparedStatement.Arguments
    ) {
        func list(_ names: [String]?) -> String? { names.map { JSONValue.names($0).compactText } }
        arguments.bind(declaration.model)
        arguments.bind(declaration.provider)
        arguments.bind(declaration.source.rawValue)
        arguments.bind(declaration.supportsImageGeneration.rawValue)
        arguments.bind(declaration.supportsImageInput.rawValue)
        arguments.bind(declaration.imageGenerationMode?.rawValue ?? DeclaredSupport.unknown.rawValue)
        arguments.bind(list(declaration.inputModalities?.map(\.rawValue)))
        arguments.bind(list(declaration.outputModalities?.map(\.rawValue)))
        arguments.bind(list(declaration.capabilities))
        arguments.bind(declaration.prices?.currency)
        for kind in ModelPrices.Kind.allCases { arguments.bind(declaration.prices?[kind]) }
        arguments.bind(declaration.prices?.largestInputTokens)
        arguments.bind(digest)
    }

    /// The declarations of a revision, ordered by the bytes of their names; none when there is no such revision.
    static func declarations(_ db: Database, _ revision: Int64) throws -> [ModelDeclaration] {
        var declarations: [ModelDeclaration] = []
        try PreparedStatement(db, selectDeclarations).forEachRow({ $0.bind(revision) }) {
            declarations.append(try decodeDeclaration($0))
        }
        return declarations
    }

    /// One model's declaration in a revision.
    static func declaration(_ db: Database, _ model: String, in revision: Int64) throws -> ModelDeclaration? {
        try PreparedStatement(db, selectDeclaration).first(
            {
                $0.bind(revision)
                $0.bind(model)
            }, decodeDeclaration)
    }

    /// The revision in force; nil when no models were ever imported.
    static func currentRevision(_ db: Database) throws -> Int64? {
        try PreparedStatement(db, selectCurrentRevision).first { $0.int64(0) }
    }

    private static func decodeDeclaration(_ row: PreparedStatement.Row) throws -> ModelDeclaration {
        func word<Word: RawRepresentable<String>>(_ column: Int32) throws -> Word {
            guard let word = Word(rawValue: try row.text(column)) else { throw unreadable(try row.text(0)) }
            return word
        }
        func names(_ column: Int32) throws -> [String]? {
            try row.optionalText(column).map { text in
                let names = (try? JSONParser.parse(text))?.array?.compactMap(\.string)
                guard let names else { throw unreadable(try row.text(0)) }
                return names
            }
        }
        var prices = try row.optionalText(9).map { ModelPrices(currency: $0) }
        for (index, kind) in ModelPrices.Kind.allCases.enumerated() {
            prices?[kind] = row.optionalInt64(10 + Int32(index))
        }
        prices?.largestInputTokens = row.optionalInt64(17)
        let mode = try row.text(5)
        return ModelDeclaration(
            model: try row.text(0), provider: try row.optionalText(1), source: try word(2),
            supportsImageGeneration: try word(3), supportsImageInput: try word(4),
            imageGenerationMode: mode == DeclaredSupport.unknown.rawValue ? nil : try word(5),
            inputModalities: try names(6)?.compactMap(Modality.init(rawValue:)),
            outputModalities: try names(7)?.compactMap(Modality.init(rawValue:)), capabilities: try names(8),
            prices: prices)
    }

    private static func unreadable(_ model: String) -> StoreError {
        StoreError(
            .database, "the declaration of the model \"\(model.prefix(64))\" holds what no declaration has",
            hint: "Something else wrote to the file; compare it with a backup.")
    }

    /// All revisions, the first one first.
    func catalogueRevisions() async throws -> [CatalogueRevision] {
        try await database.read { try Self.catalogueRevisions($0) }
    }

    static func catalogueRevisions(_ db: Database) throws -> [CatalogueRevision] {
        var revisions: [CatalogueRevision] = []
        try PreparedStatement(db, selectRevisions).forEachRow { row in
            guard let source = CatalogueSource(rawValue: try row.text(2)) else {
                throw unreadable("revision \(row.int64(0))")
            }
            revisions.append(
                CatalogueRevision(
                    revision: row.int64(0), sha256: try row.text(1), source: source,
                    importedAt: row.timestamp(3), isAdopted: row.int64(4) != 0, modelCount: Int(row.int64(5))))
        }
        return revisions
    }

    /// What a read of the catalogue works on: the current revision where none is named.
    ///
    /// - Throws: ``StoreError`` `notFound` when there is no such revision.
    static func revision(_ db: Database, _ named: Int64?) throws -> Int64? {
        guard let named else { return try currentRevision(db) }
        guard try PreparedStatement(db, selectRevision).first({ $0.bind(named) }, { _ in true }) != nil else {
            throw StoreError(
                .notFound, "the catalogue has no revision \(named)",
                hint: "artifacts models diff without arguments lists them.")
        }
        return named
    }

    func declarations(in revision: Int64?) async throws -> (revision: Int64?, declarations: [ModelDeclaration]) {
        try await database.read { db in
            let revision = try Self.revision(db, revision)
            return (revision, try revision.map { try Self.declarations(db, $0) } ?? [])
        }
    }

    func declaration(of model: String, in revision: Int64?) async throws -> ModelDeclaration? {
        try await database.read { db in
            try Self.revision(db, revision).flatMap { try Self.declaration(db, model, in: $0) }
        }
    }

    func catalogueDiff(from: Int64, to: Int64?) async throws -> CatalogueDiff {
        try await database.read { db in
            guard let first = try Self.revision(db, from), let last = try Self.revision(db, to) else {
                throw StoreError.noModels
            }
            let (added, removed, changed) = CatalogueSnapshot(try Self.declarations(db, first))
                .difference(to: CatalogueSnapshot(try Self.declarations(db, last)))
            return CatalogueDiff(from: first, to: last, added: added, removed: removed, changed: changed)
        }
    }
}

extension StoreError {
    static let noModels = StoreError(
        .notFound, "the catalogue has no models", hint: "Import some: artifacts models import FILE")
}
