internal import Foundation

/// Makes a backup: a verified copy under a name of its own, whole or not there.
struct StoreBackup {
    let source: StorePath
    let history: MigrationHistory
    let calls: FileSystemCalls
    let progress: ProgressReporter

    /// - Throws: ``StoreError`` `conflict` when something has the name, `unsafePath` beside a log that would be played
    ///   into the backup, `notFound` without a store, and what ``StoreCopy/write(to:)`` and ``StoreDraft`` throw.
    func make(at target: StorePath) throws -> BackupReport {
        guard
            ![source.writeAheadLog, source.writeAheadLogIndex, source.lock, source.rollbackJournal]
                .contains(target.text)
        else {
            throw StoreError(
                .conflict, "\(target.text) is the name of a file of the store itself", hint: "Choose another name.")
        }
        try target.refuseTaken()
        try StoreFile.requireNoLog(of: target)
        guard try source.inspect() == .store else { throw StoreError.noStore(source) }
        let draft = try StoreDraft(for: target, calls)
        defer { draft.discard() }
        let contents = try StoreCopy(source: source, history: history, progress: progress).write(to: draft.path)
        try draft.publish(replacing: false)
        return BackupReport(file: target.text, contents)
    }
}

/// A backup that was made and verified.
public struct BackupReport: Sendable {
    /// Where it is.
    public let file: String
    /// The schema version of the store, and of the backup.
    public let schemaVersion: Int
    /// How many rows each table of the backup has, by name.
    public let tables: [(name: String, rows: Int64)]
    /// The size of the backup.
    public let byteCount: Int64

    init(file: String, _ contents: StoreCopy.Contents) {
        self.file = file
        schemaVersion = contents.version
        tables = contents.rows.sorted { $0.key < $1.key }.map { (name: $0.key, rows: $0.value) }
        byteCount = contents.byteCount
    }
}
