internal import GRDB

/// The artifacts whose prompts match a search and for which every other condition holds, in the order of sequences.
///
/// Two walks lead to them: along the matches in the index of prompts, checking each artifact's conditions; and along
/// the index of a condition (``ListQuery``), asking of each artifact whether it matches. The first is slow where a
/// common word meets a rare condition, the second where a rare word meets a common one. Nothing tells beforehand which
/// it is. So they take turns of bounded length, each going on where the other stopped; after one turn of each, whichever
/// got further goes on.
struct PromptMatches {
    /// How many matches a turn of the first walk looks at, and how many artifacts one of the second: to ask whether one
    /// artifact matches takes FTS5 some 20 µs, to look at one match less than 1 µs (measured at 200,000 artifacts).
    struct Turns {
        var matches = 600
        var artifacts = 100
    }

    static let probe = "SELECT 1 FROM promptSearch WHERE promptSearch MATCH ? AND rowid = ?"

    private let filter: ArtifactFilter
    private let words: SearchWords
    private let order: ArtifactOrder
    private let turns: Turns

    init(_ filter: ArtifactFilter, _ words: SearchWords, _ order: ArtifactOrder, turns: Turns = Turns()) {
        self.filter = filter
        self.words = words
        self.order = order
        self.turns = turns
    }

    /// Hands on the sequences in an order by creation, until `body` says that it has enough.
    ///
    /// - Parameter start: The sequence behind which to begin.
    func forEach(_ db: Database, after start: Int64?, _ body: (Int64) throws -> Bool) throws {
        guard let range = try SequenceRange(db, of: filter) else { return }
        var walk = Walk(behind: start)
        let hasIndex = ListQuery.hasDriver(filter)
        // A run has few artifacts; otherwise the word decides.
        var goesByMatches = filter.parentRunId == nil
        var turn = 0
        var distances: [Bool: Int64] = [:]
        while !walk.isAtEnd {
            let before = walk.reached
            if goesByMatches {
                try followMatches(db, range, &walk, atMost: hasIndex ? Int64(turns.matches) : .max, body)
            } else {
                try followIndex(db, &walk, body)
            }
            distances[goesByMatches] = walk.distance(from: before)
            turn += 1
            if turn == 1 {
                goesByMatches.toggle()
            } else {
                goesByMatches = distances[true, default: 0] >= distances[false, default: 0]
            }
        }
    }

    private struct Walk {
        private var first: Int64?
        /// The last sequence that was looked at.
        private(set) var reached: Int64?
        var isAtEnd = false

        init(behind start: Int64?) {
            reached = start
        }

        mutating func reach(_ sequence: Int64) {
            first = first ?? sequence
            reached = sequence
        }

        /// How many sequences lie behind what was reached before, or behind the first one.
        func distance(from before: Int64?) -> Int64 {
            guard let reached, let start = before ?? first else { return 0 }
            return abs(reached - start)
        }
    }

    static func matches(_ filter: ArtifactFilter, _ order: ArtifactOrder) -> String {
        """
        SELECT rowid, \(holds(filter)) FROM promptSearch
        WHERE promptSearch MATCH ? AND rowid > ? AND rowid < ?
        ORDER BY rowid \(order == .newestFirst ? "DESC" : "ASC") LIMIT ?
        """
    }

    /// The best matches first, the newest of equals. The sort is of row ids and ranks alone.
    static func bestMatches(_ filter: ArtifactFilter) -> String {
        """
        SELECT rowid FROM promptSearch
        WHERE \(holds(filter)) AND promptSearch MATCH ? AND rowid > ? AND rowid < ?
        ORDER BY rank, rowid DESC LIMIT ?
        """
    }

    private static func holds(_ filter: ArtifactFilter) -> String {
        let clauses = ["sequence = promptSearch.rowid"] + ListQuery.checks(filter).clauses
        return "EXISTS (SELECT 1 FROM artifact WHERE \(clauses.joined(separator: " AND ")))"
    }

    private func bind(_ range: SequenceRange, limit: Int64, to bound: inout PreparedStatement.Arguments) {
        for argument in ListQuery.checks(filter).arguments { argument.bind(to: &bound) }
        bound.bind(words.match)
        bound.bind(range.above)
        bound.bind(range.below)
        bound.bind(limit)
    }

    private func followMatches(
        _ db: Database, _ range: SequenceRange, _ walk: inout Walk, atMost limit: Int64, _ body: (Int64) throws -> Bool
    ) throws {
        var rest = range
        if let reached = walk.reached { rest.leaveOut(upTo: reached, order) }
        var count: Int64 = 0
        try PreparedStatement(db, Self.matches(filter, order)).whileRows({ bind(rest, limit: limit, to: &$0) }) { row in
            count += 1
            let sequence = row.int64(0)
            walk.reach(sequence)
            if row.int64(1) == 1, try !body(sequence) { walk.isAtEnd = true }
            return !walk.isAtEnd
        }
        if count < limit { walk.isAtEnd = true }
    }

    private func followIndex(_ db: Database, _ walk: inout Walk, _ body: (Int64) throws -> Bool) throws {
        let query = ListQuery(
            filter, order, after: walk.reached, limit: turns.artifacts, columns: "sequence")
        let probe = try PreparedStatement(db, Self.probe)
        var count = 0
        try PreparedStatement(db, query.sql).whileRows({ query.bind(to: &$0) }) { row in
            count += 1
            let sequence = row.int64(0)
            walk.reach(sequence)
            let isMatch = try probe.first({
                $0.bind(words.match)
                $0.bind(sequence)
            }) { _ in true }
            if isMatch == true, try !body(sequence) { walk.isAtEnd = true }
            return !walk.isAtEnd
        }
        if count < turns.artifacts { walk.isAtEnd = true }
    }

    /// The sequences of the best matches.
    func best(_ db: Database, limit: Int) throws -> [Int64] {
        guard let range = try SequenceRange(db, of: filter) else { return [] }
        var sequences: [Int64] = []
        try PreparedStatement(db, Self.bestMatches(filter)).forEachRow({
            bind(range, limit: Int64(limit), to: &$0)
        }) { sequences.append($0.int64(0)) }
        return sequences
    }
}

/// The sequences that artifacts created in a filter's hours may have.
private struct SequenceRange {
    private(set) var above: Int64 = 0
    private(set) var below: Int64 = .max

    /// Nil when nothing was created then.
    init?(_ db: Database, of filter: ArtifactFilter) throws {
        guard filter.since != nil || filter.until != nil else { return }
        let hours = ListQuery.hours(filter)
        let bounds = try PreparedStatement(db, ListQuery.selectBounds).first({
            $0.bind(hours.lowerBound)
            $0.bind(hours.upperBound)
        }) { ($0.optionalInt64(0), $0.optionalInt64(1)) }
        guard let bounds, let first = bounds.0, let last = bounds.1 else { return nil }
        (above, below) = (first - 1, last + 1)
    }

    mutating func leaveOut(upTo reached: Int64, _ order: ArtifactOrder) {
        if order == .newestFirst { below = min(below, reached) } else { above = max(above, reached) }
    }
}
