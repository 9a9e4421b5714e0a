import ArtifactStoreTesting
import Foundation
import GRDB

@testable import ArtifactStore

/// A store of an old version with a few of the frozen store's rows: small enough that every call on it can be failed.
enum SmallStore {
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    static func fixture(_ version: Int) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: fixtures.appendingPathComponent("version-\(version).sqlite")))
    }

    /// The bytes of the main file, which holds everything.
    static func bytes(version: Int) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "small.sqlite")
        try Data(fixture(version)).write(to: URL(fileURLWithPath: path))
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = OFF")
            let triggers = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger["name"] as String)") }
            let hasCosts = version >= 5
            try db.execute(
                sql: """
                    DELETE FROM artifact WHERE sequence NOT IN (
                        \(hasCosts ? "SELECT max(artifactSequence) FROM computedCost WHERE computation = 2 UNION" : "")
                        SELECT min(sequence) FROM artifact GROUP BY status, providerUsage IS NULL
                        UNION SELECT min(artifactSequence) FROM promptPart WHERE position = 1
                        UNION SELECT min(sequence) FROM artifact WHERE artifactId IN (SELECT artifactId FROM signedUrl));
                    DELETE FROM promptPart WHERE artifactSequence NOT IN (SELECT sequence FROM artifact);
                    DELETE FROM signedUrl WHERE artifactId NOT IN (SELECT artifactId FROM artifact);
                    DELETE FROM event WHERE artifactId NOT IN (SELECT artifactId FROM artifact);
                    """)
            if hasCosts {
                try db.execute(
                    sql: "DELETE FROM computedCost WHERE artifactSequence NOT IN (SELECT sequence FROM artifact)")
            }
            for trigger in triggers { try db.execute(sql: trigger["sql"]) }
            if hasCosts {
                for sql in [
                    ArtifactRepository.clearUsage, ArtifactRepository.sumUsage, ArtifactRepository.rebuildSearch,
                ] {
                    try db.execute(sql: sql)
                }
            }
            try db.execute(sql: "VACUUM")
            try db.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try queue.close()
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
