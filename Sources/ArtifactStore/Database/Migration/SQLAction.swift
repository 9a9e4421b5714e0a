/// What a statement does, as far as a migration must know it. Names are as in ``SQLToken/name``.
enum SQLAction: Equatable {
    case createTable(String, columns: Set<String>, isVirtual: Bool)
    case createIndex(String, table: String, isUnique: Bool)
    /// `names` is everything that the body may refer to.
    case createTrigger(String, table: String, names: Set<String>)
    case createView(String, names: Set<String>)
    case dropTable(String)
    case drop(LintSchema.Dependent.Kind, String)
    case renameTable(String, to: String)
    case renameColumn(table: String, String, to: String)
    /// `isConstrained`: with a rule that the rows there may break.
    case addColumn(table: String, String, isConstrained: Bool)
    case dropColumn(table: String, String)
    case insert(SQLInsertion)
    case update(table: String), delete(table: String)
    case reindex
    /// Everything else, by its first word.
    case other(String)

    /// What a statement does. One that SQLite would refuse may be taken for anything.
    init(_ statement: SQLStatement) {
        var reader = SQLReader(statement.tokens)
        let first = reader.next()?.keyword ?? ""
        let action: SQLAction? =
            switch first {
            case "CREATE": Self.creation(&reader)
            case "DROP": Self.drop(&reader)
            case "ALTER": Self.alteration(&reader)
            case "INSERT", "REPLACE", "UPDATE", "DELETE": Self.change(first, &reader)
            case "WITH": reader.skipToChange().flatMap { Self.change($0, &reader) }
            case "REINDEX": .reindex
            default: nil
            }
        self = action ?? .other(first)
    }

    private static func creation(_ reader: inout SQLReader) -> SQLAction? {
        _ = reader.take("TEMP") || reader.take("TEMPORARY")
        let isUnique = reader.take("UNIQUE")
        let isVirtual = reader.take("VIRTUAL")
        guard let kind = reader.next()?.keyword else { return nil }
        reader.skipExistenceTest()
        guard let name = reader.name() else { return nil }
        switch kind {
        case "TABLE": return .createTable(name, columns: reader.columns ?? [], isVirtual: isVirtual)
        case "VIEW": return .createView(name, names: reader.remainingNames)
        case "INDEX", "TRIGGER":
            // The events of a trigger stand before ON; `UPDATE OF` has column names, none of which is ON.
            guard reader.skip(behind: "ON"), let table = reader.name() else { return nil }
            return kind == "INDEX"
                ? .createIndex(name, table: table, isUnique: isUnique)
                : .createTrigger(name, table: table, names: reader.remainingNames)
        default: return nil
        }
    }

    private static func drop(_ reader: inout SQLReader) -> SQLAction? {
        guard let kind = reader.next()?.keyword else { return nil }
        reader.skipExistenceTest()
        guard let name = reader.name() else { return nil }
        switch kind {
        case "TABLE": return .dropTable(name)
        case "INDEX": return .drop(.index, name)
        case "TRIGGER": return .drop(.trigger, name)
        case "VIEW": return .drop(.view, name)
        default: return nil
        }
    }

    private static func alteration(_ reader: inout SQLReader) -> SQLAction? {
        guard reader.take("TABLE"), let table = reader.name() else { return nil }
        switch reader.next()?.keyword {
        case "RENAME" where reader.take("TO"): return reader.name().map { .renameTable(table, to: $0) }
        case "RENAME":
            _ = reader.take("COLUMN")
            guard let old = reader.name(), reader.take("TO"), let new = reader.name() else { return nil }
            return .renameColumn(table: table, old, to: new)
        case "DROP":
            _ = reader.take("COLUMN")
            return reader.name().map { .dropColumn(table: table, $0) }
        case "ADD":
            _ = reader.take("COLUMN")
            guard let column = reader.name() else { return nil }
            let rules: Set = ["CHECK", "NOT", "REFERENCES"]
            return .addColumn(table: table, column, isConstrained: reader.rest.contains { rules.contains($0.keyword) })
        default: return nil
        }
    }

    private static func change(_ verb: String, _ reader: inout SQLReader) -> SQLAction? {
        let conflict = reader.take("OR") ? reader.next()?.keyword : nil
        if verb == "UPDATE" { return reader.name().map { .update(table: $0) } }
        guard reader.take(verb == "DELETE" ? "FROM" : "INTO"), let table = reader.name() else { return nil }
        if verb == "DELETE" { return .delete(table: table) }
        if reader.take("AS") { _ = reader.name() }
        return .insert(
            SQLInsertion(
                into: table, replaces: verb == "REPLACE" || conflict == "REPLACE",
                ignores: conflict == "IGNORE", reader.rest))
    }
}

/// An `INSERT`, and where its rows come from.
struct SQLInsertion: Equatable {
    let table: String
    let replaces: Bool
    /// Whether what happens depends on the rows there: `OR IGNORE`, `ON CONFLICT`.
    let dependsOnRows: Bool
    /// The columns it names; nil when it names none.
    let columns: Set<String>?
    let selects: Bool
    /// Whether it selects all columns with a star.
    let selectsStar: Bool
    /// The tables after FROM and JOIN.
    let sources: Set<String>

    /// - Parameter tokens: What follows the table's name.
    init(into table: String, replaces: Bool, ignores: Bool, _ tokens: ArraySlice<SQLToken>) {
        let pairs = Array(zip(tokens, tokens.dropFirst()))
        self.table = table
        self.replaces = replaces
        dependsOnRows = ignores || pairs.contains { $0.isWord("ON") && $1.isWord("CONFLICT") }
        columns = SQLReader(tokens).columns
        selects = tokens.contains { $0.isWord("SELECT") }
        selectsStar = pairs.contains { before, star in
            star.isSymbol("*")
                && (["SELECT", "ALL", "DISTINCT"].contains(before.keyword) || before.isSymbol(",")
                    || before.isSymbol("."))
        }
        var sources: Set<String> = []
        for (index, token) in zip(tokens.indices, tokens) where token.isWord("FROM") || token.isWord("JOIN") {
            var reader = SQLReader(tokens[(index + 1)...])
            if let name = reader.name() { sources.insert(name) }
        }
        self.sources = sources
    }
}
