extension MigrationLint {
    /// Checks a rename: whether it is the last step of a rebuild, and then whether the others went before it and what
    /// stood on the table is there again at the end.
    mutating func checkRebuild(at index: Int) {
        guard case .renameTable(let old, let table) = steps[index].action else { return }
        if !made.contains(old), isMadeAnew(old, after: index) {
            report(
                .rebuildOrder, at: steps[index].start,
                "\(old) is renamed before the new one is made: tables that refer to it would follow it to \(table)",
                hint: "Make the new table under another name, copy, drop \(old), then rename the new one to \(old).")
            made.insert(old)
        }
        guard before.tables[table] != nil, made.contains(old) else { return }
        if now.tables[table] != nil {
            report(
                .rebuildOrder, at: steps[index].start, "\(old) takes the name of \(table), which is still there",
                hint: "Drop \(table) first, after its rows were copied.")
        }
        checkCopy(from: table, to: old, before: index)
        for dependent in now.dependents where dependent.table != table && dependent.names.contains(table) {
            report(
                .rebuildOrder, at: steps[index].start,
                "the \(dependent.kind.rawValue) \(dependent.name) mentions \(table), so SQLite refuses to rename",
                hint: "Drop it before, and make it again behind this statement.")
        }
        checkDependents(of: table, index)
    }

    private func copies(of table: String, before index: Int) -> [(step: Step, insertion: SQLInsertion)] {
        steps[..<index].compactMap { step in
            guard case .insert(let insertion) = step.action, insertion.sources.contains(table) else { return nil }
            return (step, insertion)
        }
    }

    /// The columns of a table that no statement copies before it is dropped; none where copies do not say, or where
    /// there is no copy at all.
    func columnsNotCopied(from table: String, before index: Int) -> Set<String> {
        let copies = copies(of: table, before: index).map(\.insertion.columns)
        guard let columns = now.tables[table], !copies.isEmpty, !copies.contains(nil) else { return [] }
        return columns.subtracting(copies.compactMap(\.self).joined())
    }

    private mutating func checkCopy(from old: String, to new: String, before rename: Int) {
        let drop = steps[..<rename].lastIndex { $0.action == .dropTable(old) }
        let end = drop ?? rename
        let copies = copies(of: old, before: end).filter { $0.insertion.table == new }
        if copies.isEmpty, !steps[end].markers.contains(where: { $0.kind == .destructive }) {
            report(
                .rebuildOrder, at: steps[end].start, "no row of \(old) is copied to \(new) before this",
                hint: "Copy them with an INSERT that names its columns and selects from \(old)."
                    + " If the rows shall go, write -- destructive: REASON on the line above.")
        }
        for copy in copies where copy.insertion.columns == nil || copy.insertion.selectsStar {
            report(
                .rebuildOrder, at: copy.step.start,
                "the copy from \(old) does not name its columns: a value may land in another one",
                hint: "Name the columns behind INTO \(new), and behind SELECT in the same order.")
        }
    }

    /// What stood on a table goes with it, and nothing says so.
    private mutating func checkDependents(of table: String, _ index: Int) {
        var end = now
        for step in steps[index...] { end.apply(step.action, step.statement) }
        for dependent in before.dependents where dependent.table == table {
            let isDroppedByName = steps.contains { $0.action == .drop(dependent.kind, dependent.name) }
            guard !isDroppedByName, end.dependent(dependent.kind, dependent.name)?.table != table else { continue }
            report(
                .rebuildOrder, at: steps[index].start,
                "the \(dependent.kind.rawValue) \(dependent.name) of \(table) is not made again",
                hint: "Make it again below. If it shall go, drop it by name before \(table) is dropped.")
        }
    }
}
