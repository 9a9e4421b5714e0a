import ArtifactStoreTesting
import Foundation
import Testing

@testable import ArtifactStore

/// What is on the disk when the process dies or power fails, after every single call.
@Suite("A crash at every call")
struct CrashTests {
    @Test("leaves the old store or the new one, and copies that are whole", arguments: try await StoreOperation.all())
    func everyCall(operation: StoreOperation) async throws {
        let disk = try FaultyDisk(operation.start)
        try await operation.run(disk)
        let changes = disk.changes
        var seen = Set<[String: [UInt8]]>()
        var counts = [Int](repeating: 0, count: operation.outcomes.count)
        for count in 0...changes.changes.count {
            for loss in DiskChanges.Loss.allCases {
                let files = changes.files(after: count, losing: loss)
                guard seen.insert(files).inserted else { continue }
                let folder = try Self.folder(files)
                do {
                    counts[try operation.check(folder)] += 1
                } catch {
                    Issue.record("after call \(count) of \(changes.changes.count), losing \(loss): \(error)")
                }
            }
        }
        #expect(counts.allSatisfy { $0 > 0 }, "each outcome is met")
        print(
            "\(operation.testDescription): \(changes.changes.count + 1) crash points, \(seen.count) different disks,",
            "outcomes", counts)
    }

    @Test(
        "Negative control: on a disk that lies about syncing, each of them is seen to break",
        arguments: try await [StoreOperation.upgrade(from: 1), .firstStart(), .backup(version: 1)])
    func withoutSyncs(operation: StoreOperation) async throws {
        let disk = try FaultyDisk(operation.start, forgetsSyncs: true)
        try await operation.run(disk)
        let changes = disk.changes
        var broken = 0
        for count in 0...changes.changes.count where broken == 0 {
            let folder = try Self.folder(changes.files(after: changes.changes.count - count, losing: .bytes))
            do {
                _ = try operation.check(folder)
            } catch {
                broken += 1
            }
        }
        #expect(broken > 0)
    }

    private static func folder(_ files: [String: [UInt8]]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (name, bytes) in files { try Data(bytes).write(to: URL(fileURLWithPath: folder.path(of: name))) }
        return folder
    }
}
