internal import GRDB

/// The objects of a schema and the SQL that makes each.
struct SchemaShape: Sendable {
    struct Object: Hashable, Comparable, Sendable {
        /// `table`, `index`, `trigger` or `view`.
        let type: String
        let name: String

        static func < (left: Object, right: Object) -> Bool {
            (left.type, left.name) < (right.type, right.name)
        }
    }

    /// The SQL of each object, as SQLite keeps it.
    let objects: [Object: String]

    /// What is in a database now. SQLite's own tables are left out, and Litestream's: it keeps its place in two tables
    /// inside the database that it replicates.
    init(_ db: Database) throws {
        try self.init(
            Row.fetchAll(db, sql: Self.select).map { row in
                let sql: String? = row[2]
                return [row[0], row[1], sql ?? ""]
            })
    }

    /// The same through a bare connection.
    init(_ connection: RawConnection) throws(StoreError) {
        try self.init(connection.rows(Self.select))
    }

    private static let select = """
        SELECT type, name, sql FROM sqlite_schema
        WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' AND tbl_name NOT IN ('_litestream_seq', '_litestream_lock')
        """

    /// - Parameter rows: Type, name and SQL of each object.
    private init(_ rows: [[String]]) {
        objects = Dictionary(
            rows.map { (Object(type: $0[0], name: $0[1]), $0[2]) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The SQL in one line, without its comments: each token behind a space.
    private static func normalised(_ sql: String) -> String {
        SQLTokenizer.tokens(of: Array(sql.utf8)).filter(\.isSignificant).map(\.text).joined(separator: " ")
    }

    /// What differs from the shape that was expected, by type and name. Comments, white space between tokens, and the
    /// order of the objects do not count.
    func differences(from expected: SchemaShape) -> [SchemaDifference] {
        Set(objects.keys).union(expected.objects.keys).sorted().compactMap { object in
            guard objects[object] != expected.objects[object] else { return nil }
            let (actual, wanted) = (
                objects[object].map(Self.normalised), expected.objects[object].map(Self.normalised)
            )
            guard actual != wanted else { return nil }
            return SchemaDifference(type: object.type, name: object.name, expected: wanted, actual: actual)
        }
    }

    /// Makes sure that nothing but the history made it.
    ///
    /// - Throws: ``StoreError`` `schemaMismatch` naming every object that differs.
    func require(_ history: MigrationHistory, at version: Int) throws {
        let differences = try differences(from: history.replayed(to: version).shape)
        guard differences.isEmpty else {
            throw StoreError(
                .schemaMismatch,
                "the schema is not the one that version \(version) makes: "
                    + differences.map(\.description).joined(separator: ", "),
                hint: "Something else altered it; nothing was changed. See artifacts migrate verify.")
        }
    }
}

/// One object of a store's schema that is not what its history makes.
public struct SchemaDifference: Hashable, Sendable {
    /// What is the matter with the object.
    public enum Kind: String, Sendable {
        /// The history makes it, and the store has none.
        case missing
        /// The store has it, and no migration makes it.
        case unexpected
        /// Both have it, and it is made by other SQL.
        case different
    }

    /// `table`, `index`, `trigger` or `view`.
    public let type: String
    public let name: String
    /// The SQL of the history, in one line; nil when the object is unexpected.
    public let expected: String?
    /// The SQL in the store, in one line; nil when the object is missing.
    public let actual: String?

    /// What is the matter.
    public var kind: Kind {
        expected == nil ? .unexpected : actual == nil ? .missing : .different
    }

    /// The words in which both begin to differ, each with a few around it.
    public var firstDifference: (expected: String, actual: String)? {
        guard let expected, let actual else { return nil }
        let (left, right) = (expected.split(separator: " "), actual.split(separator: " "))
        let start = zip(left, right).prefix { $0 == $1 }.count
        func around(_ words: [Substring]) -> String {
            words[max(0, start - 3)..<min(words.count, max(0, start - 3) + 10)].joined(separator: " ")
        }
        return (around(left), around(right))
    }
}

extension SchemaDifference: CustomStringConvertible {
    /// Such as `index artifactByProvider is missing`.
    public var description: String {
        "\(type) \(name) is \(kind.rawValue)"
    }
}
