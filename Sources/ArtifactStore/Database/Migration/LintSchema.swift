/// The names of tables and of what depends on them, as the statements up to some point have made them.
struct LintSchema {
    /// An index, a trigger or a view.
    struct Dependent {
        enum Kind: String {
            case index, trigger, view
        }

        let kind: Kind
        let name: String
        /// What it stands on; nil for a view.
        var table: String?
        /// Whether dropping it takes a rule away: a trigger, a unique index.
        var isRule = false
        /// What a trigger or a view may refer to.
        var names: Set<String> = []
        /// Its statement, token for token.
        let tokens: [ArraySlice<UInt8>]
    }

    /// The columns of each table.
    private(set) var tables: [String: Set<String>] = [:]
    private(set) var dependents: [Dependent] = []

    func dependent(_ kind: Dependent.Kind, _ name: String) -> Dependent? {
        dependents.first { $0.kind == kind && $0.name == name }
    }

    /// Changes this as the statement changes a database.
    mutating func apply(_ action: SQLAction, _ statement: SQLStatement) {
        let tokens = statement.tokens.map(\.bytes)
        switch action {
        case .createTable(let name, let columns, _): tables[name] = columns
        case .createIndex(let name, let table, let isUnique):
            dependents.append(
                Dependent(kind: .index, name: name, table: table, isRule: isUnique, tokens: tokens))
        case .createTrigger(let name, let table, let names):
            dependents.append(
                Dependent(kind: .trigger, name: name, table: table, isRule: true, names: names, tokens: tokens))
        case .createView(let name, let names):
            dependents.append(Dependent(kind: .view, name: name, names: names, tokens: tokens))
        case .dropTable(let name):
            tables[name] = nil
            dependents.removeAll { $0.table == name }
        case .drop(let kind, let name):
            dependents.removeAll { $0.kind == kind && $0.name == name || kind == .view && $0.table == name }
        case .renameTable(let old, let new):
            tables[new] = tables.removeValue(forKey: old) ?? []
            // SQLite writes the new name into whatever had the old one.
            for index in dependents.indices {
                if dependents[index].table == old { dependents[index].table = new }
                if dependents[index].names.remove(old) != nil { dependents[index].names.insert(new) }
            }
        case .renameColumn(let table, let old, let new):
            if tables[table]?.remove(old) != nil { tables[table]?.insert(new) }
        case .addColumn(let table, let column, _): tables[table]?.insert(column)
        case .dropColumn(let table, let column): tables[table]?.remove(column)
        case .insert, .update, .delete, .reindex, .other: break
        }
    }
}
