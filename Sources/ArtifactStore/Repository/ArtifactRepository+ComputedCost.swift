internal import GRDB

extension ArtifactRepository {
    static let selectAdmittedModel =
        "SELECT sequence, catalogueRevision, requestedModel FROM artifact WHERE artifactId = ?"
    static let insertComputedCost = """
        INSERT INTO computedCost (artifactSequence, computation, catalogueRevision, costMicros, costCurrency, \
        computedAt) SELECT ?, 1 + coalesce(max(computation), 0), ?, ?, ?, ? FROM computedCost WHERE artifactSequence = ?
        """

    /// Computes what a finished artifact cost by the prices it was admitted under, where nobody reported it and they say.
    static func computeCost(
        _ db: Database, of id: ArtifactID, _ outcome: ArtifactOutcome, at now: Timestamp
    ) throws {
        guard let usage = outcome.usage, usage.cost == nil else { return }
        let found = try PreparedStatement(db, selectAdmittedModel).first({ $0.bind(id.text) }) { row in
            (sequence: row.int64(0), revision: row.optionalInt64(1), model: try row.text(2))
        }
        // A declaration that cannot be read gives no cost: it must not keep an image from being recorded.
        guard let found, let revision = found.revision,
            let declared = try? declaration(db, found.model, in: revision),
            let cost = declared.cost(of: usage, by: outcome.execution)
        else { return }
        try insert(db, ComputedCost(cost: cost, catalogueRevision: revision, computedAt: now), of: found.sequence)
    }

    static func insert(_ db: Database, _ computed: ComputedCost, of sequence: Int64) throws {
        try PreparedStatement(db, insertComputedCost).run {
            $0.bind(sequence)
            $0.bind(computed.catalogueRevision)
            $0.bind(computed.cost.micros)
            $0.bind(computed.cost.currency)
            $0.bind(computed.computedAt)
            $0.bind(sequence)
        }
    }

    /// The catalogue revision in force.
    ///
    /// - Throws: ``StoreError`` `notFound` when nothing was ever imported.
    func revisionInForce() async throws -> Int64 {
        guard let revision = try await database.read({ try Self.currentRevision($0) }) else {
            throw StoreError.noModels
        }
        return revision
    }

    /// Computes the computed costs among some artifacts anew, in one transaction.
    func recompute(
        _ ids: [ArtifactID], into total: CostRecomputation
    ) async throws -> CostRecomputation {
        try await database.write { [options] db in
            var total = total
            for id in ids {
                guard let artifact = try Self.artifact(db, Self.selectById, { $0.bind(id.text) }),
                    let usage = artifact.usage, let old = artifact.computedCost
                else { continue }
                let declared = try Self.declaration(db, artifact.request.model, in: total.revision)
                guard let cost = declared?.cost(of: usage, by: artifact.modelExecution) else {
                    total.withoutPrice += 1
                    continue
                }
                guard cost != old.cost else {
                    total.unchanged += 1
                    continue
                }
                try Self.insert(
                    db, ComputedCost(cost: cost, catalogueRevision: total.revision, computedAt: options.now()),
                    of: artifact.sequence)
                total.changed += 1
            }
            return total
        }
    }
}
