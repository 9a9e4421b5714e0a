internal import GRDB
internal import GRDBSQLite

extension StoreError {
    /// `SQLITE_READONLY_ROLLBACK`, a macro that Swift does not see.
    private static let readOnlyRollback = SQLITE_READONLY | 3 << 8

    /// `SQLITE_CONSTRAINT_DATATYPE` and `SQLITE_CORRUPT_VTAB`, two more of them.
    private static let constraintDatatype = SQLITE_CONSTRAINT | 12 << 8
    private static let corruptVirtualTable = SQLITE_CORRUPT | 1 << 8

    /// What an SQLite result code means for the caller.
    ///
    /// The SQL and its arguments stay out of the message: they hold prompts.
    static func sqlite(_ code: Int32, _ message: String) -> StoreError {
        let hint: String
        let kind: Code
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            (kind, hint) = (.busy, "Another process holds the database; try again.")
        case SQLITE_CONSTRAINT where code == constraintDatatype:
            // No value of ours has another type than its column: only a sum that something else changed can.
            (kind, hint) = (.database, "The sums of usage are damaged: run artifacts reindex, then repeat the call.")
        case SQLITE_CORRUPT where code == corruptVirtualTable:
            (kind, hint) = (.database, "The index of prompts is damaged: run artifacts reindex, then repeat the call.")
        case SQLITE_CONSTRAINT:
            (kind, hint) = (.invalidInput, "The database refused the row; nothing was written.")
        case SQLITE_FULL:
            (kind, hint) = (.database, "The disk is full. Free some space; nothing was written and reading goes on.")
        case SQLITE_READONLY where code == readOnlyRollback:
            return StoreError(
                .readOnly, "a program died while it wrote to the database, and only one that writes can undo that",
                hint: "Let a writing one open it, or run: artifacts migrate up", underlyingCode: code)
        case SQLITE_READONLY:
            (kind, hint) = (.readOnly, "Check that the database, its -wal and its folder are writable.")
        case SQLITE_CANTOPEN, SQLITE_PERM:
            (kind, hint) = (.database, "Check the permissions of the database, its -wal and -shm, and its folder.")
        case SQLITE_IOERR:
            (kind, hint) = (.database, "Check the disk and the system log, then repeat the call with the same id.")
        case SQLITE_NOTADB:
            (kind, hint) = (.notAnArtifactStore, "Name the store's database file.")
        case SQLITE_CORRUPT:
            (kind, hint) = (.database, "Stop writing, keep all files beside it, and restore a backup.")
        default:
            (kind, hint) = (.database, "Repeat the call with the same id; if it fails again, report it.")
        }
        return StoreError(kind, "SQLite says \(message) (result code \(code))", hint: hint, underlyingCode: code)
    }

    /// Any error of the database layer as a ``StoreError``; `CancellationError` and store errors stay themselves.
    static func mapping(_ error: any Error) -> any Error {
        switch error {
        case let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT:
            return CancellationError()
        case let error as DatabaseError where error.resultCode == .SQLITE_MISUSE:
            // GRDB's answer on a connection that was closed.
            return StoreError.closed
        case let error as DatabaseError:
            return sqlite(error.extendedResultCode.rawValue, error.message ?? "nothing more")
        default:
            return error
        }
    }
}
