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
        var verification = MigrationVerification()
    }

    let steps: [Step]

    /// The schema version this build writes.
    var newestVersion: Int { steps.last?.version ?? 0 }

    /// The history compiled into this program.
    static let embedded = MigrationHistory(Schema.migrations.map { ($0.version, $0.name, $0.sql) })

    /// What the files beside the migrations ask for, read only when something is migrated.
    ///
    /// - Throws: ``StoreError`` `schemaMismatch` when one of them cannot be read; a test reads them all.
    func verified() throws(StoreError) -> MigrationHistory {
        var steps = steps
        for migration in Schema.migrations {
            guard let verification = migration.verification,
                let index = steps.firstIndex(where: { $0.name == migration.name })
            else { continue }
            steps[index].verification = try MigrationVerification(
                String(decoding: verification, as: UTF8.self), file: migration.name)
        }
        return MigrationHistory(steps: steps)
    }

    init(steps: [Step]) {
        self.steps = steps
    }

    init(_ files: [(version: Int, name: String, sql: [UInt8])]) {
        var previous = ""
        steps = files.map { file in
            let sql = Self.canonical(file.sql)
            previous = Self.chainHash(after: previous, file.name, sql)
            return Step(
                version: file.version, name: file.name, sql: String(decoding: sql, as: UTF8.self), chainHash: previous)
        }
    }

    /// The hash of a step, over the hash before it, its name and its canonical content.
    static func chainHash(after previous: String, _ name: String, _ canonical: [UInt8]) -> String {
        SHA256Hex.of(Array("\(previous)\n\(name)\n".utf8) + canonical)
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
}
