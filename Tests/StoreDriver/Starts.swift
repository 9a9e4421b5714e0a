import ArtifactSchema
import ArtifactStore
import GRDB

/// Opens one store after the other, each when its path comes in, and reports how long that took or why it failed:
/// several such processes start on one path at the same moment.
enum Starts {
    /// - Parameter program: `store`, or `grdb` for GRDB's own migrator with the same migrations.
    static func run(_ program: String) async throws {
        StoreDriver.report("ready")
        let clock = ContinuousClock()
        while let path = readLine() {
            do {
                let start = clock.now
                if program == "grdb" {
                    try migrateWithGRDB(path)
                } else {
                    try await ArtifactStore.open(at: path).close()
                }
                StoreDriver.report("started \((clock.now - start) / .milliseconds(1))")
            } catch {
                StoreDriver.report("failed: \(error)")
            }
        }
    }

    private static func migrateWithGRDB(_ path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA journal_mode = WAL") }
        var migrator = DatabaseMigrator()
        for migration in Schema.migrations {
            migrator.registerMigration(migration.name) { db in
                try db.execute(sql: String(decoding: migration.sql, as: UTF8.self))
            }
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try migrator.migrate(queue)
        try queue.close()
    }
}
