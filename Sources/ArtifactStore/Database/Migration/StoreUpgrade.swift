internal import GRDB

/// Brings a store to this build's schema: a verified backup first, then all pending migrations in one transaction.
struct StoreUpgrade {
    let path: StorePath
    let history: MigrationHistory
    let options: StoreOptions
    var progress = ProgressReporter { _ in }

    /// The caller holds the file lock, so that nobody of this package writes between backup and migration.
    ///
    /// - Throws: ``StoreError``; the store has its old schema then, and the backup stays.
    func run() throws -> MigrationReport {
        let version = try StoreFile.ledger(at: path).count
        var backup: BackupReport?
        if options.backsUpBeforeMigrating {
            backup = try StoreBackup(source: path, history: history, calls: options.calls, progress: progress)
                .make(at: backupPath(version))
        }
        let queue = try StoreDatabase.openMigrator(path, options)
        var report = try Migrator(history: history, now: options.now, progress: progress).migrate(queue)
        // A table that was made anew went through the log, which would keep its size. Where a reader of another process
        // holds it, the next checkpoints empty it.
        try? queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try queue.close()
        report.backup = backup?.file
        return report
    }

    /// A name that tells the version and the time, and that nothing has.
    private func backupPath(_ version: Int) throws(StoreError) -> StorePath {
        try StorePath("\(path.text).v\(version)-\(options.now().fileNameText).backup").firstFree()
    }
}
