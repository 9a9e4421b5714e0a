internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// The connections of one open store: one that writes, several that read.
///
/// The writer is a plain queue, not a pool: a pool sets `synchronous = NORMAL` after every hook a host has, and then
/// loses acknowledged commits at a power cut (measured: at 331 of 575 crash points).
struct StoreDatabase: Sendable {
    let path: StorePath
    let readers: any DatabaseReader
    /// Nil when the store was opened for reading only.
    let writer: GroupCommit?
    /// What opening did to the schema.
    let migration: MigrationReport

    /// Looks, locks, creates or migrates where allowed, opens, and asserts what opening promised.
    ///
    /// - Throws: ``StoreError``; nothing is touched when the path, the file or its history is refused.
    static func open(
        _ path: String, _ options: StoreOptions, history: MigrationHistory = .embedded
    ) throws -> StoreDatabase {
        let path = try StorePath(path)
        try options.validate()
        do {
            return options.access == .readOnly
                ? try openForReading(path, options, history) : try openForWriting(path, options, history)
        } catch {
            throw StoreError.mapping(error)
        }
    }

    private static func openForReading(
        _ path: StorePath, _ options: StoreOptions, _ history: MigrationHistory
    ) throws -> StoreDatabase {
        guard try path.inspect() == .store else { throw StoreError.noStore(path) }
        // Where a connection makes no file, the one for queries reads the ledger too: opening is most of what a
        // command costs.
        let readers =
            StoreFile.hasLog(path) && !StoreFile.lacksIndex(path) ? try makeReaders(path, options) : nil
        let ledger = try readers?.read(StoreFile.ledger) ?? StoreFile.ledger(at: path)
        guard try standing(of: ledger, history, path) == .current else { throw outdated(path, ledger, history) }
        return StoreDatabase(
            path: path, readers: try readers ?? makeReaders(path, options), writer: nil,
            migration: MigrationReport(from: ledger.count, to: ledger.count))
    }

    private static func openForWriting(
        _ path: StorePath, _ options: StoreOptions, _ history: MigrationHistory
    ) throws -> StoreDatabase {
        guard try path.inspect() == .store || options.access == .createIfMissing else { throw StoreError.noStore(path) }
        try lookBeforeLocking(path, options, history)
        let lock = try FileLock(of: path)
        return try lock.whileHeld(timeout: options.busyTimeout, duringMaintenance: options.maintenanceTimeout) {
            // Again under the lock: another process may have made or migrated the file meanwhile.
            let isNew = try path.inspect() != .store
            if isNew {
                try StoreFile.create(
                    at: path, migrating: Migrator(history: history, now: options.now), options.calls)
            } else {
                try StoreFile.undoUnfinished(path)
            }
            let ledger = try requireAcceptable(path, options, history)
            var report = MigrationReport(from: isNew ? 0 : ledger.count, to: ledger.count)
            if ledger.count < history.newestVersion {
                report = try lock.noting("migrates the store", options) {
                    try StoreUpgrade(path: path, history: history, options: options).run()
                }
            }
            return StoreDatabase(
                path: path, readers: try makeReaders(path, options),
                writer: GroupCommit(queue: try openWriter(path, options), lock: lock, options: options),
                migration: report)
        }
    }

    /// Refuses a store before the lock is made, whose file would be a trace beside it. Where that file is there, another
    /// process may be migrating: who looks has to wait for the lock then. Where a journal is there, only a writer can
    /// look, under the lock.
    ///
    /// - Throws: As ``requireAcceptable(_:_:_:)``.
    static func lookBeforeLocking(
        _ path: StorePath, _ options: StoreOptions, _ history: MigrationHistory
    ) throws {
        guard access(path.lock, F_OK) != 0 else { return }
        guard try path.inspect() == .store else { return try StoreFile.requireNoLog(of: path) }
        if !StoreFile.hasJournal(path) { try requireAcceptable(path, options, history) }
    }

    /// Looks at a store without touching it: its history must be this one's beginning; where migrations are pending,
    /// they must be wanted, and the schema must be what they start from.
    ///
    /// - Returns: The store's ledger.
    /// - Throws: ``StoreError`` `notAnArtifactStore`, `storeTooNew`, `schemaMismatch`, `database`.
    @discardableResult
    static func requireAcceptable(
        _ path: StorePath, _ options: StoreOptions, _ history: MigrationHistory
    ) throws -> [MigrationHistory.Entry] {
        try UntouchedStore.read(path) { connection, _ in
            let ledger = try StoreFile.ledger(connection)
            if try standing(of: ledger, history, path) != .current {
                guard options.migratesSchema else { throw outdated(path, ledger, history) }
                try SchemaShape(connection).require(history, at: ledger.count)
            }
            return ledger
        }
    }

    static func standing(
        of ledger: [MigrationHistory.Entry], _ history: MigrationHistory, _ path: StorePath
    ) throws(StoreError) -> MigrationHistory.Standing {
        guard !ledger.isEmpty else { throw StoreError.noSchema(path) }
        return try history.standing(of: ledger)
    }

    private static func outdated(
        _ path: StorePath, _ ledger: [MigrationHistory.Entry], _ history: MigrationHistory
    ) -> StoreError {
        StoreError(
            .schemaMismatch, "the store has schema version \(ledger.count); this build needs \(history.newestVersion)",
            hint: "Migrate it first: artifacts migrate up --database \(ShellWord.quoted(path.text))")
    }

    private static func openWriter(_ path: StorePath, _ options: StoreOptions) throws -> DatabaseQueue {
        try openWriter(path, options, label: "ArtifactStore.writer") { db in
            // A statement whose triggers may abort keeps a journal of the pages it changes. With this many indexes it
            // outgrows the 64 KiB kept in memory and went to a temporary file (measured: 34 of 37 writes).
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
    }

    /// Opens the one connection that migrates. It sorts in temporary files: what a rebuild of an index sorts has no
    /// bound that memory has.
    static func openMigrator(_ path: StorePath, _ options: StoreOptions) throws -> DatabaseQueue {
        try openWriter(path, options, label: "ArtifactStore.migrator") { _ in }
    }

    private static func openWriter(
        _ path: StorePath, _ options: StoreOptions, label: String,
        _ further: @escaping @Sendable (Database) throws -> Void
    ) throws -> DatabaseQueue {
        var configuration = configuration(options)
        configuration.label = label
        // Where even a rollback fails, GRDB would end the process; the writer tries again and reports the error.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { db in
            try prepare(db, options)
            // The triggers that keep the index of prompts write to an FTS5 table, which SQLite 3.40 lets no schema do
            // that is not trusted. What else that allows is harmless here: extensions stay disabled, and functions that
            // act on anything outside are refused in a schema in either case.
            try db.execute(sql: "PRAGMA trusted_schema = ON")
            try db.execute(sql: "PRAGMA synchronous = \(options.durability.rawValue)")
            try db.execute(sql: "PRAGMA cache_size = -\(options.writerCacheKiB)")
            try further(db)
            // The log and its index stay beside the file, so that readers need not make them and a read-only folder
            // can still be queried (measured: without them even reading fails with SQLITE_CANTOPEN).
            var keep: Int32 = 1
            sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &keep)
        }
        let queue = try DatabaseQueue(path: path.text, configuration: configuration)
        try queue.inDatabase { db in
            try switchToWAL(db, options)
            try assert(
                db,
                expected: [
                    "journal_mode": "wal", "synchronous": options.durability.pragmaValue, "foreign_keys": "1",
                    "trusted_schema": "1", "cell_size_check": "1",
                    "busy_timeout": "\(options.busyTimeout.wholeMilliseconds)",
                ])
        }
        return queue
    }

    /// A store is made in WAL mode, but a copy made by `VACUUM INTO` is not. Switching answers busy at once, without
    /// asking the busy handler.
    private static func switchToWAL(_ db: Database, _ options: StoreOptions) throws {
        let clock = ContinuousClock()
        let deadline = clock.now + options.busyTimeout
        while true {
            do {
                return try db.execute(sql: "PRAGMA journal_mode = WAL")
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && clock.now < deadline {
                usleep(1000)
            }
        }
    }

    private static func makeReaders(_ path: StorePath, _ options: StoreOptions) throws -> any DatabaseReader {
        var configuration = configuration(options)
        configuration.label = "ArtifactStore.reader"
        configuration.readonly = true
        configuration.maximumReaderCount = options.maximumReaders
        configuration.prepareDatabase { db in try prepare(db, options) }
        return options.maximumReaders == 1
            ? try DatabaseQueue(path: path.text, configuration: configuration)
            : try DatabasePool(path: path.text, configuration: configuration)
    }

    static func configuration(_ options: StoreOptions) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        return configuration
    }

    private static func prepare(_ db: Database, _ options: StoreOptions) throws {
        // As a whole number: GRDB takes seconds as a fraction and loses a millisecond of some.
        try db.execute(sql: "PRAGMA busy_timeout = \(options.busyTimeout.wholeMilliseconds)")
        try db.execute(sql: "PRAGMA trusted_schema = OFF")
        try db.execute(sql: "PRAGMA cell_size_check = ON")
    }

    /// Reads each pragma back: setting one that SQLite does not accept is silent.
    private static func assert(_ db: Database, expected: [String: String]) throws {
        for (pragma, value) in expected.sorted(by: { $0.key < $1.key }) {
            let actual = try String.fetchOne(db, sql: "PRAGMA \(pragma)") ?? "nothing"
            guard actual == value else {
                throw StoreError(
                    .database, "PRAGMA \(pragma) reads back \(actual), not \(value)",
                    hint: "The store is not opened, because its promises would not hold; check the SQLite library.")
            }
        }
    }

    /// Waits for writes under way, then closes every connection, whatever becomes of the others.
    func close() async throws {
        await writer?.finish()
        // Readers first: only the last connection to close can empty the log into the database.
        let readersClosed = Result { try readers.close() }
        try await writer?.close()
        try readersClosed.get()
    }

    /// Runs queries in one snapshot, beside all writing.
    func read<Value: Sendable>(_ query: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await readers.read(query)
        } catch {
            throw StoreError.mapping(error)
        }
    }

    /// Runs a write in the next group, in a savepoint of its own, or in a transaction that it has alone.
    func write<Value: Sendable>(
        alone: Bool = false, _ operation: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        guard let writer else {
            throw StoreError(.readOnly, "the store is open for reading only", hint: "Open it for writing.")
        }
        return try await writer.write(alone: alone, operation)
    }
}
