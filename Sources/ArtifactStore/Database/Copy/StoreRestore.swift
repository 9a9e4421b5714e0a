internal import Foundation

/// Puts a verified copy of a backup in the place of a store, and keeps what was there.
struct StoreRestore {
    let backup: StorePath
    let target: StorePath
    let history: MigrationHistory
    let options: StoreOptions
    let progress: ProgressReporter

    /// The name of the store is never without a file: what has it is the old store, whole, until the copy takes its
    /// place in one step.
    ///
    /// - Parameter replacing: Whether a store at the target gives way. Otherwise it is a conflict.
    /// - Throws: ``StoreError`` `notFound` without a backup; `conflict`; `busy` while another connection has the store
    ///   open; `readOnly`; what is wrong with the backup, before the target is touched; `database`; `outcomeUnknown`
    ///   when only the last sync failed.
    func run(replacing: Bool) throws -> RestoreReport {
        guard try backup.inspect() == .store else {
            throw StoreError(.notFound, "there is no backup at \(backup.text)", hint: "Mend the path.")
        }
        guard try !isBackup(target) else {
            throw StoreError(.conflict, "the backup is the store itself", hint: "Name the backup, then the store.")
        }
        if try target.inspect() == .store, !replacing { throw taken() }
        let lock = try FileLock(of: target)
        return try lock.whileHeld(timeout: options.busyTimeout, duringMaintenance: options.maintenanceTimeout) {
            try lock.noting("restores the store", options) {
                // Again under the lock: somebody may have made a store meanwhile.
                let isThere = try target.inspect() == .store
                if isThere, !replacing { throw taken() }
                return isThere ? try replace() : try fill()
            }
        }
    }

    private func isBackup(_ target: StorePath) throws -> Bool {
        try StoreError.naming("compare \(backup.text) with \(target.text)", as: .database) {
            guard try target.isTaken() else { return false }
            return try options.calls.status(of: backup.text, in: nil).identity
                == options.calls.status(of: target.text, in: nil).identity
        }
    }

    private func taken() -> StoreError {
        StoreError(
            .conflict, "there is a store at \(target.text)",
            hint: "--replace (in Swift: replacing) puts the backup in its place, and keeps the old one beside it.")
    }

    private func fill() throws -> RestoreReport {
        try StoreFile.removeEmptyLog(of: target, options.calls)
        let draft = try StoreDraft(for: target, options.calls)
        defer { draft.discard() }
        let contents = try copy().write(to: draft.path)
        try draft.publish(replacing: true)
        return RestoreReport(kept: nil, contents)
    }

    private func replace() throws -> RestoreReport {
        let owner = try StoreError.naming("look at \(target.text)", as: .database) {
            try options.calls.status(of: target.text, in: nil).owner
        }
        let draft = try StoreDraft(for: target, owner: owner, options.calls)
        defer { draft.discard() }
        let contents = try copy().write(to: draft.path)
        let old = try ReplacedStore(holding: target, owner: owner, options, progress)
        let kept = try old.keep()
        do {
            try old.emptyLog()
            try draft.publish(replacing: true)
        } catch let error as StoreError {
            throw StoreError(
                error.code, "\(error.message); the old store is kept as \(kept), too", hint: error.hint,
                underlyingCode: error.underlyingCode)
        }
        withExtendedLifetime(old) {}
        return RestoreReport(kept: kept, contents)
    }

    private func copy() -> StoreCopy {
        StoreCopy(source: backup, history: history, progress: progress, isLive: true)
    }
}

/// A store that was put in place from a backup.
public struct RestoreReport: Sendable {
    /// The schema version of the restored store. When it is older than this program's, migrate it, or use the program
    /// that wrote it.
    public let schemaVersion: Int
    /// How many rows each table has, by name.
    public let tables: [(name: String, rows: Int64)]
    /// Where the store that gave way is kept; nil when there was none.
    public let kept: String?

    init(kept: String?, _ contents: StoreCopy.Contents) {
        self.kept = kept
        schemaVersion = contents.version
        tables = contents.rows.sorted { $0.key < $1.key }.map { (name: $0.key, rows: $0.value) }
    }
}
