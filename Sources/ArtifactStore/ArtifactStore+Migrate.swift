internal import ArtifactSchema
internal import Foundation

extension ArtifactStore {
    /// Where a store stands in the history of the schema. Nothing is touched.
    ///
    /// - Throws: ``StoreError`` `unsafePath`, `notFound`, `notAnArtifactStore`, `database`. A history that is not this
    ///   build's is no error here: see ``MigrationStatus/refusal``.
    public static func migrationStatus(at path: String) async throws -> MigrationStatus {
        try await StoreMaintenance(path).run { store in
            try MigrationStatus(ledger: StoreFile.ledger(at: store.existing()), of: store.history, at: store.path)
        }
    }

    /// Brings an older store to this build's schema: a verified backup first (unless
    /// ``StoreOptions/backsUpBeforeMigrating`` is off), then all pending migrations in one transaction.
    ///
    /// No row and no value may change but as the migrations declare; row counts, hashes of the rows, foreign keys,
    /// integrity and schema are compared before anything is committed. Memory stays bounded, whatever the store's size;
    /// sorting uses the system's temporary folder.
    ///
    /// - Parameter progress: Called often, from another thread.
    /// - Throws: ``StoreError`` `unsafePath`, `notFound`, `notAnArtifactStore`, `storeTooNew` or `schemaMismatch` (each
    ///   with nothing touched), `busy`, `database` when a check fails or the disk is full (the store has its old schema
    ///   then).
    public static func migrate(
        at path: String, options: StoreOptions = StoreOptions(),
        progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> MigrationReport {
        var migrating = options
        migrating.migratesSchema = true
        return try await StoreMaintenance(path, options, progress).run { [migrating] store in
            let path = try store.existing()
            try StoreDatabase.lookBeforeLocking(path, migrating, store.history)
            let lock = try FileLock(of: path)
            return try lock.whileHeld(timeout: options.busyTimeout, duringMaintenance: options.maintenanceTimeout) {
                // Again under the lock: another process may have migrated it meanwhile.
                try StoreFile.undoUnfinished(path)
                let ledger = try StoreDatabase.requireAcceptable(path, migrating, store.history)
                guard ledger.count < store.history.newestVersion else {
                    return MigrationReport(from: ledger.count, to: ledger.count)
                }
                return try lock.noting("migrates the store", options) {
                    try StoreUpgrade(
                        path: path, history: store.history, options: options, progress: store.progress
                    ).run()
                }
            }
        }
    }

    /// Migrates a copy in the system's temporary folder, and tells what migrating the store would do, how long it takes
    /// and how much space it needs. The store itself is not changed. Where nothing is pending, nothing is copied.
    ///
    /// - Throws: As ``migrate(at:options:progress:)``; also what would stop the migration itself.
    public static func planMigration(
        at path: String, options: StoreOptions = StoreOptions(),
        progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) async throws -> MigrationPlan {
        try await planMigration(
            at: path, options: options, copyingInto: MigrationPlan.temporaryFolder(), progress: progress)
    }

    /// The same, with the copy in a folder that is made for it, and removed in the end. Who may be stopped in the middle
    /// knows then what else to remove.
    package static func planMigration(
        at path: String, options: StoreOptions = StoreOptions(), copyingInto folder: String,
        progress: @escaping @Sendable (StoreProgress) -> Void
    ) async throws -> MigrationPlan {
        try await StoreMaintenance(path, options, progress).run { store in
            let path = try store.existing()
            let ledger = try StoreFile.ledger(at: path)
            guard try StoreDatabase.standing(of: ledger, store.history, path) != .current else {
                return MigrationPlan(nothingToDoAt: ledger.count, in: path)
            }
            return try MigrationRehearsal(
                path: path, history: store.history, options: options, folder: folder, progress: store.progress
            ).run()
        }
    }

    /// Compares a store's schema with the one that its history makes, object by object. Nothing is touched.
    ///
    /// - Returns: What differs; nothing when the schema is as it should be.
    /// - Throws: ``StoreError`` `unsafePath`, `notFound`, `notAnArtifactStore`, `storeTooNew`, `schemaMismatch` when the
    ///   ledger itself is not this build's, `database`.
    public static func verifySchema(at path: String) async throws -> [SchemaDifference] {
        try await StoreMaintenance(path).run { store in
            try UntouchedStore.read(store.existing()) { connection, _ in
                let ledger = try StoreFile.ledger(connection)
                _ = try StoreDatabase.standing(of: ledger, store.history, store.path)
                return try SchemaShape(connection).differences(from: store.history.replayed(to: ledger.count).shape)
            }
        }
    }

    /// Checks migrations against the rules of `migrations/README.md`, without running them. Nothing is touched.
    ///
    /// - Parameter files: Names or paths, and bytes, beginning with the first migration: each is checked against what
    ///   those before it make. The ones compiled into this program, if you give none.
    /// - Returns: What breaks a rule, file by file from top to bottom; nothing when all is well.
    public static func lintMigrations(_ files: [(name: String, sql: [UInt8])]? = nil) -> [LintFinding] {
        MigrationLint.findings(in: files ?? Schema.migrations.map { ($0.name, $0.sql) })
    }
}

extension MigrationStatus {
    init(ledger: [MigrationHistory.Entry], of history: MigrationHistory, at path: StorePath) throws(StoreError) {
        var steps: [MigrationHistory.Step] = []
        var refusal: StoreError?
        do {
            if case .pending(let pending) = try StoreDatabase.standing(of: ledger, history, path) { steps = pending }
        } catch  where error.code == .storeTooNew || error.code == .schemaMismatch {
            refusal = error
        }
        self.init(
            schemaVersion: ledger.count, newestVersion: history.newestVersion,
            applied: ledger.map {
                Applied(
                    version: $0.version, name: $0.name, chainHash: $0.chainHash, appliedAt: $0.appliedAt,
                    applicationVersion: $0.applicationVersion, durationMs: $0.durationMs)
            },
            pending: steps.map { Pending(version: $0.version, name: $0.name) }, refusal: refusal)
    }
}
