internal import GRDB
internal import GRDBSQLite

extension ArtifactRepository {
    /// Compares the index of prompts with the prompts; with rank 0 it would look at the index alone.
    static let checkSearch = "INSERT INTO promptSearch (promptSearch, rank) VALUES ('integrity-check', 1)"
    static let rebuildSearch = "INSERT INTO promptSearch (promptSearch) VALUES ('rebuild')"
    static let clearUsage = "DELETE FROM usageByDay"
    static let sumUsage =
        "INSERT INTO usageChange (artifactSequence, sign) SELECT artifactSequence, sign FROM usageChange"

    /// Makes what triggers keep anew, in one transaction.
    func rebuildIndexes(_ progress: ProgressReporter) async throws -> IndexReport {
        try await database.write(alone: true) { db in
            try progress.whileTicking(db.sqliteConnection) {
                progress.report(.rebuilding, "the index of prompts")
                let searchWasInStep = try Self.isSearchInStep(db)
                try PreparedStatement(db, Self.rebuildSearch).run()
                progress.report(.rebuilding, "the sums of usage")
                let usageWasInStep = try !Self.usageSumsDiffer(db)
                try PreparedStatement(db, Self.clearUsage).run()
                try PreparedStatement(db, Self.sumUsage).run()
                return IndexReport(searchWasInStep: searchWasInStep, usageWasInStep: usageWasInStep)
            }
        }
    }

    private static func isSearchInStep(_ db: Database) throws -> Bool {
        do {
            try PreparedStatement(db, checkSearch).run()
            return true
        } catch let error as StoreError where error.underlyingCode.map({ $0 & 0xFF }) == SQLITE_CORRUPT {
            return false
        }
    }
}
