internal import GRDB

/// What tables beside `artifact` hold of one: read by its sequence, row by row.
struct ArtifactDetails {
    static let selectParts = """
        SELECT role, source, version, text, textSha256 FROM promptPart WHERE artifactSequence = ? ORDER BY position
        """
    static let selectComputedCosts = """
        SELECT costMicros, costCurrency, catalogueRevision, computedAt FROM computedCost WHERE artifactSequence = ? \
        ORDER BY computation DESC
        """

    private let parts: PreparedStatement
    private let costs: PreparedStatement

    init(_ db: Database) throws {
        parts = try PreparedStatement(db, Self.selectParts)
        costs = try PreparedStatement(db, Self.selectComputedCosts)
    }

    func promptParts(of sequence: Int64) throws -> [PromptPart] {
        var found: [PromptPart] = []
        try parts.forEachRow({ $0.bind(sequence) }) { row in
            found.append(
                PromptPart(
                    role: try row.text(0), source: try row.optionalText(1), version: try row.optionalText(2),
                    text: try row.optionalText(3), textSha256: try row.optionalText(4)))
        }
        return found
    }

    /// The computation in force: the last one.
    func computedCost(of sequence: Int64) throws -> ComputedCost? {
        try costs.first({ $0.bind(sequence) }, Self.computedCost)
    }

    /// Every computation, the first one first.
    func computedCosts(of sequence: Int64) throws -> [ComputedCost] {
        var found: [ComputedCost] = []
        try costs.forEachRow({ $0.bind(sequence) }) { found.append(try Self.computedCost($0)) }
        return found.reversed()
    }

    private static func computedCost(_ row: PreparedStatement.Row) throws -> ComputedCost {
        ComputedCost(
            cost: Cost(micros: row.int64(0), currency: try row.text(1)), catalogueRevision: row.int64(2),
            computedAt: row.timestamp(3))
    }
}
