internal import GRDBSQLite

/// Reads a store that may be refused, or is somebody else's: not a byte of it changes, and no file is left beside it.
enum UntouchedStore {
    /// Runs `body` on a connection that is closed afterwards.
    ///
    /// An ordinary read-only connection would make a log or its index where they are not: without a log
    /// (``StoreFile/hasLog(_:)``) the file is opened as immutable, without an index nobody has it open either. With both
    /// it is never opened so: what others write would be missed, and closing drops the POSIX locks that this process
    /// holds on the file through another connection.
    ///
    /// - Parameter body: Gets the connection, and whether others may write meanwhile without being noticed.
    /// - Throws: ``StoreError``; what `body` throws.
    static func read<Value>(
        _ path: StorePath, _ body: (_ connection: RawConnection, _ isUnlocked: Bool) throws -> Value
    ) throws -> Value {
        guard StoreFile.hasLog(path) else { return try body(RawConnection(immutable: path), true) }
        guard !StoreFile.lacksIndex(path) else { return try body(RawConnection(immutableWithLog: path), true) }
        return try body(RawConnection(path: path.text, flags: SQLITE_OPEN_READONLY), false)
    }
}
