extension MigrationLint {
    /// Which marker a statement needs, given what was made before it; nil for none.
    func need(at index: Int) -> MarkerNeed? {
        switch steps[index].action {
        case .dropTable(let table) where isRebuilt(table, from: index):
            // Rows were copied, which checkRebuild(at:) sees to; but columns may have been left behind.
            let lost = columnsNotCopied(from: table, before: index).sorted().joined(separator: ", ")
            return MarkerNeed(
                accepted: [.destructive], why: "the copy of \(table) leaves columns behind: \(lost)",
                isRequired: !lost.isEmpty)
        case .dropTable(let table) where !made.contains(table):
            return MarkerNeed(accepted: [.destructive], why: "DROP TABLE throws away the rows of \(table)")
        case .dropColumn(let table, _) where !made.contains(table):
            return MarkerNeed(accepted: [.destructive], why: "DROP COLUMN throws away values of \(table)")
        case .renameColumn(let table, _, _) where !made.contains(table):
            return MarkerNeed(
                accepted: [.destructive], why: "programs and exports know the column of \(table) by its old name")
        case .renameTable(let table, _) where !made.contains(table) && !isMadeAnew(table, after: index):
            return MarkerNeed(accepted: [.destructive], why: "programs and exports know \(table) by its old name")
        case .drop(let kind, let name): return need(toDrop: kind, name, at: index)
        case .delete(let table): return .both("DELETE throws away rows of \(table)")
        case .update(let table): return .both("UPDATE replaces values of \(table)")
        case .insert(let insertion) where insertion.replaces:
            return .both("REPLACE throws away the rows of \(insertion.table) that are in the way")
        case .insert(let insertion) where insertion.selects || insertion.dependsOnRows:
            return MarkerNeed(accepted: [.dataDependent], why: "what INSERT does here depends on the rows there are")
        case .createIndex(let name, let table, isUnique: true) where holdsRows(table) && !isAsBefore(name, index):
            return MarkerNeed(
                accepted: [.dataDependent], why: "CREATE UNIQUE INDEX fails if rows of \(table) are equal in it")
        case .addColumn(let table, _, isConstrained: true) where holdsRows(table):
            return MarkerNeed(
                accepted: [.dataDependent], why: "the new column's rule is one that rows of \(table) may break")
        default: return nil
        }
    }

    private func need(toDrop kind: LintSchema.Dependent.Kind, _ name: String, at index: Int) -> MarkerNeed? {
        let isMadeAgain = steps[index...].contains { step in
            switch step.action {
            case .createTrigger(name, _, _): kind == .trigger
            case .createIndex(name, _, isUnique: true): kind == .index
            default: false
            }
        }
        guard !isMadeAgain, let rule = before.dependent(kind, name), rule.isRule else { return nil }
        return MarkerNeed(
            accepted: [.destructive],
            why: "DROP \(kind == .trigger ? "TRIGGER" : "INDEX") takes away a rule of \(rule.table ?? "the record")",
            hint: "Make it again later in this file. ")
    }

    private func holdsRows(_ table: String) -> Bool {
        !made.contains(table) || filled.contains(table)
    }

    /// Whether this index stood there before, token for token: the rows obey it already.
    private func isAsBefore(_ name: String, _ index: Int) -> Bool {
        before.dependent(.index, name)?.tokens == steps[index].statement.tokens.map(\.bytes)
    }

    /// Whether a table of this file takes this one's name later.
    func isRebuilt(_ table: String, from index: Int) -> Bool {
        before.tables[table] != nil
            && steps[index...].contains { step in
                guard case .renameTable(let new, to: table) = step.action else { return false }
                return creates(new)
            }
    }

    /// Whether another table gets this one's name later.
    func isMadeAnew(_ table: String, after index: Int) -> Bool {
        steps[(index + 1)...].contains { step in
            switch step.action {
            case .createTable(table, _, _), .renameTable(_, to: table): true
            default: false
            }
        }
    }

    /// Whether a statement of this file creates the table.
    func creates(_ table: String) -> Bool {
        steps.contains { step in
            if case .createTable(table, _, _) = step.action { true } else { false }
        }
    }
}

extension MigrationLint.MarkerNeed {
    /// What both destroys and depends on the rows: either reason will do.
    fileprivate static func both(_ why: String) -> Self {
        Self(accepted: [.destructive, .dataDependent], why: why)
    }
}
