import Foundation

/// The sqlite3 shell: a second way to look at a store.
enum Shell {
    static let path = "/usr/bin/sqlite3"
    static let isThere = FileManager.default.isExecutableFile(atPath: path)

    /// The rows of a query, with a bar between two columns.
    static func lines(_ database: String, _ sql: String) async throws -> [String] {
        struct Failed: Error { let message: String }
        let result = try await Driver.run(path, ["-readonly", "-bail", database, sql])
        guard result.status == 0 else { throw Failed(message: result.errors) }
        return result.lines
    }
}
