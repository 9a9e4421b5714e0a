extension MigrationLint {
    /// The marker that a statement needs.
    struct MarkerNeed {
        /// Any one of these will do.
        let accepted: [LintMarker.Kind]
        /// What the statement does that asks for one.
        let why: String
        var isRequired = true
        var hint = ""
    }

    /// Checks every statement, with what the ones before it made.
    mutating func checkStatements() {
        var attached: Set<Int> = []
        for (index, step) in steps.enumerated() {
            checkKind(step)
            checkCreation(step)
            checkMarkers(step, need(at: index))
            checkRebuild(at: index)
            attached.formUnion(step.markers.map(\.comment.range.lowerBound))
            follow(step)
        }
        for marker in tokens.compactMap(LintMarker.init) where !attached.contains(marker.comment.range.lowerBound) {
            report(
                .needlessMarker, at: marker.comment, "the marker stands above no statement",
                hint: "Put it on a line of its own directly above the statement it is about, or remove it.")
        }
    }

    private mutating func follow(_ step: Step) {
        switch step.action {
        case .createTable(let name, _, _) where now.tables[name] == nil: made.insert(name)
        case .dropTable(let name):
            made.remove(name)
            filled.remove(name)
        case .renameTable(let old, let new):
            if made.remove(old) != nil, before.tables[new] == nil { made.insert(new) }
            if filled.remove(old) != nil { filled.insert(new) }
        case .insert(let insertion) where insertion.selects: filled.insert(insertion.table)
        default: break
        }
        now.apply(step.action, step.statement)
    }

    private mutating func checkKind(_ step: Step) {
        guard case .other(let first) = step.action, step.start.isComplete, step.start.kind != .illegal else { return }
        var words = step.statement.tokens.prefix(4).map(\.keyword)[...]
        if words.first == "EXPLAIN" { words.removeFirst() }
        if words.starts(with: ["QUERY", "PLAN"]) { words.removeFirst(2) }
        let word = words.first ?? ""
        switch word {
        case "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE":
            report(
                .transactionControl, at: step.start, "\(word) controls the transaction, which belongs to the runner",
                hint: "Remove it: all pending migrations run in one transaction.")
        case "ATTACH", "DETACH":
            report(
                .attach, at: step.start, "\(word) reaches for another database",
                hint: "Remove it: a migration changes the store it runs on, nothing else.")
        case "VACUUM":
            report(
                .vacuum, at: step.start, "VACUUM cannot run in a transaction", hint: "Remove it; nothing needs it.")
        case "PRAGMA":
            report(
                .pragma, at: step.start, "PRAGMA changes or reads a setting, which belongs to the program",
                hint: "Remove it; settings of a connection stand in StoreDatabase.swift.")
        default:
            report(
                .unknownStatement, at: step.start,
                first.isEmpty ? "no statement begins so" : "\(first) here is no change that a migration makes",
                hint: "Use CREATE, ALTER, DROP, INSERT, UPDATE, DELETE, WITH before one of these, or REINDEX.")
        }
    }

    private mutating func checkCreation(_ step: Step) {
        var reader = SQLReader(step.statement.tokens)
        guard reader.take("CREATE") || reader.take("DROP") else { return }
        let isTemporary = reader.take("TEMP") || reader.take("TEMPORARY")
        _ = reader.take("UNIQUE") || reader.take("VIRTUAL")
        _ = reader.next()
        if let test = reader.skipExistenceTest() {
            report(
                .ifNotExists, at: test, "a test for existence hides that a store differs from its history",
                hint: "Remove it: after the earlier files it is known what exists.")
        }
        if isTemporary || reader.rest.first?.name == "temp" && reader.rest.dropFirst().first?.isSymbol(".") == true {
            report(
                .temporary, at: step.start, "what is temporary ends with the connection",
                hint: "Make a table, and drop it again in the same file.")
        }
        guard case .createTable(let name, _, isVirtual: false) = step.action else { return }
        let options = reader.rest.lastIndex { $0.isSymbol(")") }.map { reader.rest[$0...] } ?? []
        if !options.contains(where: { $0.isWord("STRICT") }) {
            report(
                .strict, at: step.start, "the table \(name) is not STRICT: its columns take values of any type",
                hint: "Write ) STRICT; at its end.")
        }
    }

    private mutating func checkMarkers(_ step: Step, _ need: MarkerNeed?) {
        let accepted = step.markers.filter { need?.accepted.contains($0.kind) == true }
        for marker in step.markers {
            guard accepted.contains(where: { $0.comment == marker.comment }) else {
                report(
                    .needlessMarker, at: marker.comment,
                    "the statement below is not \(marker.kind.rawValue), as far as can be seen",
                    hint: "Remove the marker, or make it a plain comment.")
                continue
            }
            guard !marker.hasReason else { continue }
            report(
                .markerWithoutReason, at: marker.comment, "the marker gives no reason",
                hint: "Say behind the colon why it is right, in \(LintMarker.shortestReason) characters or more.")
        }
        guard let need, need.isRequired, accepted.isEmpty, let kind = need.accepted.first else { return }
        let markers = need.accepted.map { "-- \($0.rawValue): REASON" }.joined(separator: " or ")
        report(
            kind.rule, at: step.start, need.why,
            hint: "\(need.hint)If it is meant, write \(markers) on the line above.")
    }
}
