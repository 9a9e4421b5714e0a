internal import Foundation
internal import GRDB

/// Migrates a copy, to tell what migrating the store would do.
struct MigrationRehearsal {
    let path: StorePath
    let history: MigrationHistory
    let options: StoreOptions
    /// A folder that is made for the copy, and removed.
    let folder: String
    let progress: ProgressReporter

    /// - Throws: ``StoreError``: what would stop the migration of the store, too.
    func run() throws -> MigrationPlan {
        let clock = ContinuousClock()
        let start = clock.now
        try makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let copy = try StorePath("\(folder)/rehearsal.sqlite")
        let draft = try StoreDraft(for: copy, options.calls)
        defer { draft.discard() }
        let contents = try StoreCopy(source: path, history: history, progress: progress, keepsSignedURLs: true)
            .write(to: draft.path)
        let copied = clock.now
        let queue = try StoreDatabase.openMigrator(StorePath(draft.path), options)
        try queue.inDatabase { db in
            // A copy need not survive a power cut; and its log must keep the size that the store's would reach.
            try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0")
        }
        let report = try Migrator(history: history, now: options.now, progress: progress).migrate(queue)
        let logBytes = Self.size(draft.path + "-wal")
        try queue.close()
        let growth = max(0, Self.size(draft.path) - contents.byteCount)
        return MigrationPlan(
            report: report, copyMs: (copied - start).wholeMilliseconds,
            migrationMs: (clock.now - copied).wholeMilliseconds,
            neededBytes: (options.backsUpBeforeMigrating ? contents.byteCount : 0) + logBytes + growth,
            freeBytes: MigrationPlan.freeBytes(path))
    }

    private func makeFolder() throws(StoreError) {
        let isNew = try StoreError.naming("make \(folder)", as: .database) {
            try options.calls.makeDirectory(folder, in: nil)
        }
        guard isNew else {
            throw StoreError(.conflict, "\(folder) is there already", hint: "Try again: the name is made at random.")
        }
    }

    private static func size(_ path: String) -> Int64 {
        var status = stat()
        return lstat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
}

/// What migrating a store would do: measured by doing it to a copy.
public struct MigrationPlan: Sendable {
    /// What the migration did to the copy. Integrity, foreign keys and schema of the result were checked.
    public let report: MigrationReport
    /// How long copying took, in milliseconds: about what the backup takes.
    public let copyMs: Int64
    /// How long migrating the copy took, in milliseconds.
    public let migrationMs: Int64
    /// The space that the backup, the log and the growth of the database need together in the store's folder, in bytes.
    /// Indexes that are made anew are sorted in the system's temporary folder, which needs about their size.
    public let neededBytes: Int64
    /// The free space in the store's folder, in bytes; nil when the file system does not tell.
    public let freeBytes: Int64?

    /// Whether the space is known to be too small.
    public var lacksSpace: Bool {
        freeBytes.map { $0 < neededBytes } ?? false
    }
}

extension MigrationPlan {
    /// The plan of a store that is current.
    init(nothingToDoAt version: Int, in store: StorePath) {
        self.init(
            report: MigrationReport(from: version, to: version), copyMs: 0, migrationMs: 0, neededBytes: 0,
            freeBytes: Self.freeBytes(store))
    }

    /// A path in the system's temporary folder that nothing has.
    package static func temporaryFolder() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("artifact-store-\(UUID().uuidString)").path
    }

    fileprivate static func freeBytes(_ store: StorePath) -> Int64? {
        var status = statvfs()
        guard statvfs(store.folder, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }
}
