internal import ArtifactSchema

/// The migrations this build carries, each with the hash that chains it to all before it.
///
/// A step's hash covers the step before, the file's name and its canonical content, so that an edited, inserted,
/// removed or reordered file changes every hash from there on. A byte-order mark, CRLF line ends and missing or extra
/// newlines at the end do not count: editors and git change them without changing the SQL.
struct MigrationHistory: Sendable {
    struct Step: Sendable, Equatable {
        let version: Int
        let name: String
        let sql: String
        let chainHash: String
    }

    let steps: [Step]

    /// The schema version this build writes.
    var newestVersion: Int { steps.last?.version ?? 0 }

    /// The history compiled into this program.
    static let embedded = MigrationHistory(Schema.migrations.map { ($0.version, $0.name, $0.sql) })

    init(_ files: [(version: Int, name: String, sql: [UInt8])]) {
        var previous = ""
        steps = files.map { file in
            let sql = Self.canonical(file.sql)
            previous = SHA256Hex.of(Array("\(previous)\n\(file.name)\n".utf8) + sql)
            return Step(
                version: file.version, name: file.name, sql: String(decoding: sql, as: UTF8.self), chainHash: previous)
        }
    }

    /// By bytes: this runs at every start, and Swift's characters would cost more than the whole rest of it.
    private static func canonical(_ bytes: [UInt8]) -> [UInt8] {
        let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var canonical: [UInt8] = []
        canonical.reserveCapacity(bytes.count + 1)
        for index in bytes.indices.dropFirst(start) {
            let endsLine = index + 1 < bytes.count && bytes[index + 1] == lineFeed
            if bytes[index] != carriageReturn || !endsLine { canonical.append(bytes[index]) }
        }
        while canonical.last == lineFeed { canonical.removeLast() }
        canonical.append(lineFeed)
        return canonical
    }

    /// What a file's ledger says about it, in the light of this history.
    enum Standing: Equatable {
        case current
        /// The steps still to apply.
        case pending([Step])
    }

    /// One line of a store's ledger.
    struct Entry: Sendable, Equatable {
        let version: Int
        let name: String
        let chainHash: String
        let applicationVersion: String
    }

    /// Compares a store's ledger with this history.
    ///
    /// - Throws: ``StoreError`` with code `storeTooNew` when the store is ahead, `schemaMismatch` when a step differs.
    func standing(of ledger: [Entry]) throws(StoreError) -> Standing {
        for (index, entry) in ledger.enumerated() {
            guard index < steps.count else {
                throw StoreError(
                    .storeTooNew,
                    "the store has schema version \(entry.version) (\(entry.name), written by version"
                        + " \(entry.applicationVersion)); this build knows \(newestVersion)",
                    hint: "Upgrade this program; the store was not touched.")
            }
            let step = steps[index]
            guard entry.version == step.version, entry.name == step.name else {
                throw StoreError(
                    .schemaMismatch,
                    "the store's migration \(index + 1) is \(entry.name); this build carries \(step.name) in its place",
                    hint: "A migration was inserted, removed or renamed; use the build that wrote the store.")
            }
            guard entry.chainHash == step.chainHash else {
                throw StoreError(
                    .schemaMismatch, "the content of \(step.name) is not what this store was made with",
                    hint: "A shipped migration was edited; use the build that wrote the store.")
            }
        }
        return ledger.count == steps.count ? .current : .pending(Array(steps[ledger.count...]))
    }
}
