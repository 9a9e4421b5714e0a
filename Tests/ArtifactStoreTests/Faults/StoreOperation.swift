import ArtifactStoreTesting
import Foundation
import GRDB
import Testing

@testable import ArtifactStore

/// Something that changes a store as a whole, and what may be in its folder when it was cut short.
struct StoreOperation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The files in the folder before.
    let start: [String: [UInt8]]
    let run: @Sendable (_ disk: FaultyDisk) async throws -> Void
    /// What the store may hold afterwards, the finished state last; nil where there may be no store.
    let outcomes: [StoreContents?]
    /// What it may throw when a call fails.
    let errors: Set<StoreError.Code>
    /// The file that it makes but once, where it makes one: another try is a conflict as soon as the name is taken.
    var neverOverwritten: String?
    /// What every copy under a final name may hold, by the beginning of the name.
    var copies: [String: [StoreContents]] = [:]
    /// The copies that are there after success.
    var finishedCopies: [String] = []

    static let store = "a.sqlite"

    static func all() async throws -> [StoreOperation] {
        let newest = MigrationHistory.embedded.newestVersion
        var operations: [StoreOperation] = []
        for version in 1..<newest { operations.append(try await upgrade(from: version)) }
        return operations + [
            try firstStart(), try backup(version: newest), try restore(version: newest, replacing: nil),
            try restore(version: 1, replacing: newest), try firstWriting(version: newest),
        ]
    }

    /// What opening a backup for writing does, or a store that another program brought out of WAL mode.
    static func firstWriting(version: Int) throws -> StoreOperation {
        let made = try FaultyDisk([store: try SmallStore.bytes(version: version)])
        let shell = try DatabaseQueue(path: made.path(of: store))
        try shell.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
        try shell.close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: made.path(of: store)))
        return StoreOperation(
            testDescription: "the first writing opening of a store in rollback mode", start: [store: [UInt8](bytes)],
            run: { disk in
                let path = disk.path(of: store)
                try await StoreDatabase.open(path, options(disk), history: .embedded).close()
            },
            outcomes: [try StoreContents(at: made.path(of: store))], errors: [.database])
    }

    static func upgrade(from version: Int) async throws -> StoreOperation {
        let start = [store: try SmallStore.bytes(version: version)]
        let old = try contents(start[store])
        let migrated = try FaultyDisk(start)
        _ = try await ArtifactStore.migrate(at: migrated.path(of: store))
        return StoreOperation(
            testDescription: "the upgrade from version \(version)", start: start,
            run: { disk in _ = try await ArtifactStore.migrate(at: disk.path(of: store), options: options(disk)) },
            outcomes: [old, try StoreContents(at: migrated.path(of: store))], errors: [.database, .outcomeUnknown],
            copies: ["\(store).v": [old.withoutSignedURLs()]], finishedCopies: ["\(store).v"])
    }

    static func firstStart() throws -> StoreOperation {
        let made = try FaultyDisk([:])
        let open = { @Sendable (disk: FaultyDisk) in
            try StoreDatabase.open(try StorePath(disk.path(of: store)).text, options(disk), history: .embedded)
        }
        _ = try open(made)
        return StoreOperation(
            testDescription: "the first start", start: [:], run: { disk in try await open(disk).close() },
            outcomes: [nil, try StoreContents(at: made.path(of: store))], errors: [.database, .outcomeUnknown])
    }

    static func backup(version: Int) throws -> StoreOperation {
        let start = [store: try SmallStore.bytes(version: version)]
        let contents = try contents(start[store])
        return StoreOperation(
            testDescription: "the backup", start: start,
            run: { disk in
                _ = try await StoreMaintenance(disk.path(of: store)).run { store in
                    try StoreBackup(
                        source: store.path, history: store.history, calls: disk.calls, progress: store.progress
                    ).make(at: StorePath(disk.path(of: "backup.sqlite")))
                }
            },
            outcomes: [contents], errors: [.database, .outcomeUnknown], neverOverwritten: "backup.sqlite",
            copies: ["backup.sqlite": [contents.withoutSignedURLs()]],
            finishedCopies: ["backup.sqlite"])
    }

    static func restore(version: Int, replacing replaced: Int?) throws -> StoreOperation {
        var start = ["backup.sqlite": try SmallStore.bytes(version: version)]
        start[store] = try replaced.map { try SmallStore.bytes(version: $0) }
        let old = try start[store].map { try contents($0) }
        let backup = try contents(start["backup.sqlite"])
        // A second try keeps what the first one had put there.
        let kept = [old, backup.withoutSignedURLs()].compactMap { $0 }
        return StoreOperation(
            testDescription: "the restore \(replaced == nil ? "where no store is" : "in the place of a store")",
            start: start,
            run: { disk in
                _ = try await StoreMaintenance(disk.path(of: store)).run { store in
                    try StoreRestore(
                        backup: StorePath(disk.path(of: "backup.sqlite")), target: store.path, history: store.history,
                        options: options(disk), progress: store.progress
                    ).run(replacing: true)
                }
            },
            outcomes: [old, backup.withoutSignedURLs()], errors: [.database, .outcomeUnknown],
            copies: ["backup.sqlite": [backup], "\(store).replaced-": kept],
            finishedCopies: ["backup.sqlite"] + (replaced == nil ? [] : ["\(store).replaced-"]))
    }

    /// What is in a folder, and may not be.
    struct Broken: Error, CustomStringConvertible { let description: String }

    /// Looks at a folder in which the operation was cut short, or was not.
    ///
    /// - Returns: Which of the outcomes is there.
    /// - Throws: ``Broken``, and what reading a broken file throws.
    func check(_ folder: TemporaryFolder, finished: Bool = false) throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { name in
            !["-wal", "-shm", "-journal", "-lock"].contains(where: name.hasSuffix) && !name.contains(".new-")
        }
        for name in names where name != Self.store {
            let allowed = copies.first { name.hasPrefix($0.key) }?.value ?? []
            let contents = try StoreContents(at: folder.path(of: name))
            guard allowed.contains(contents) else { throw Broken(description: "\(name) holds \(contents)") }
        }
        let isThere = names.contains(Self.store)
        if isThere { try Self.open(folder.path(of: Self.store)) }
        let actual = isThere ? try StoreContents(at: folder.path(of: Self.store)) : nil
        guard let outcome = outcomes.firstIndex(of: actual) else {
            throw Broken(description: "neither old nor new: \(actual?.description ?? "nothing")")
        }
        if finished {
            guard outcome == outcomes.count - 1 else { throw Broken(description: "not finished") }
            for copy in finishedCopies where !names.contains(where: { $0.hasPrefix(copy) }) {
                throw Broken(description: "\(copy) is missing")
            }
        }
        return outcome
    }

    /// A program's next start, which may leave an old schema as it is, and must not be refused for anything else.
    private static func open(_ path: String) throws {
        var options = StoreOptions()
        options.access = .readWrite
        options.migratesSchema = false
        do {
            _ = try StoreDatabase.open(path, options)
        } catch let error as StoreError where error.code == .schemaMismatch && error.hint.contains("migrate up") {}
    }

    private static func contents(_ bytes: [UInt8]?) throws -> StoreContents {
        let folder = try TemporaryFolder()
        try Data(try #require(bytes)).write(to: URL(fileURLWithPath: folder.path(of: store)))
        return try StoreContents(at: folder.path(of: store))
    }

    private static func options(_ disk: FaultyDisk) -> StoreOptions {
        var options = StoreOptions()
        options.calls = disk.calls
        options.now = { Timestamp(clamping: 1_800_000_000_000) }
        return options
    }
}
