/// The declarations of one revision, ordered by the bytes of their names.
struct CatalogueSnapshot: Sendable {
    let declarations: [ModelDeclaration]

    init(_ declarations: [ModelDeclaration] = []) {
        self.declarations = declarations.sorted { $0.model.utf8.lexicographicallyPrecedes($1.model.utf8) }
    }

    /// A digest of all that is declared: that of the declarations' digests, each followed by a line end.
    var digest: String {
        SHA256Hex.of(declarations.map { $0.digest + "\n" }.joined().utf8)
    }

    /// The catalogue after an import, and what that did.
    ///
    /// A source's declarations are replaced by those of its new file. One's own take over models of other sources;
    /// those never touch a model that another source declares.
    func importing(_ draft: CatalogueDraft) -> (snapshot: CatalogueSnapshot, report: CatalogueImportReport) {
        var report = CatalogueImportReport(draft)
        var left: [[UInt8]: ModelDeclaration] = [:]
        for declaration in declarations { left[Array(declaration.model.utf8)] = declaration }
        var kept: [ModelDeclaration] = []
        for new in draft.declarations {
            guard let old = left.removeValue(forKey: Array(new.model.utf8)) else {
                report.added.append(new.model)
                kept.append(new)
                continue
            }
            guard old.source == draft.source || draft.source == .declared else {
                report.keptFromOtherSource.append(new.model)
                kept.append(old)
                continue
            }
            kept.append(new)
            if let change = ModelChange(from: old, to: new) {
                report.changed.append(change)
            } else {
                report.unchanged += 1
            }
        }
        // What is wrong with an entry now tells nothing about what was declared before.
        let refused = Set(draft.refused.map { Array($0.model.utf8) })
        func stays(_ old: ModelDeclaration) -> Bool {
            old.source != draft.source || refused.contains(Array(old.model.utf8))
        }
        report.removed = CatalogueSnapshot(left.values.filter { !stays($0) }).declarations.map(\.model)
        kept += left.values.filter(stays)
        return (CatalogueSnapshot(kept), report)
    }

    /// What is declared otherwise in a later snapshot.
    func difference(to later: CatalogueSnapshot) -> (added: [String], removed: [String], changed: [ModelChange]) {
        var left: [[UInt8]: ModelDeclaration] = [:]
        for declaration in declarations { left[Array(declaration.model.utf8)] = declaration }
        var added: [String] = []
        var changed: [ModelChange] = []
        for new in later.declarations {
            if let old = left.removeValue(forKey: Array(new.model.utf8)) {
                if let change = ModelChange(from: old, to: new) { changed.append(change) }
            } else {
                added.append(new.model)
            }
        }
        return (added, CatalogueSnapshot(Array(left.values)).declarations.map(\.model), changed)
    }
}
